"""The reduced model: one small struggle for power, written four times, to compare what runs it.

A fair subset of the engine's mechanisms. Leaders i (24 slots, each refilled when its holder dies), regions r (80), issues k
(3), a committee of 40 to 120 seats n, a circle of seven to nine, months t. A leader has birth, prestige p, flexibility f,
ambition q, organising h, an ideal point x and a stance s in three dimensions, and power A: twelve numbers; besides, the affinity a_ij of i towards j, a camp (with the
leader's or not) and perhaps a place in the circle. A region has an official of strength e under a patron (its boss), a harvest
y, a size z, and shares c_ri of its posts held by the clients of each leader (c_r24: nobody's). A seat has a patron, a
region and a loyalty l. In every month, in this order:

  deaths        a leader of age a (whole years) dies with the probability that a table gives; a younger man with drawn traits
                takes the slot, without seats, clients or ties
  economy       y_r += harvest_speed (signal_t + weather (2u - 1) - y_r); weight w_r = z_r (1 + tilt y_r);
                cadre opinion m_k += opinion_speed (signal_tk - m_k), on the first issue moved by the mean harvest too
  stances       s_ik += stance_speed (target_ik - s_ik); target x_ik + f_i (m_k - x_ik) with the camp, x_ik outside it
  appointments  four posts of drawn regions, one after another: the secretary's man with probability grip h_g (less in a
                region whose boss resists), else the boss's man with probability e_r, else nobody's; c_r scaled and added to;
                at times the post is the boss's own
  power         A_i = p_i + office (the secretary's) + cadre_weight sum_r w_r c_ri / sum_r w_r + seat_weight (share of seats);
                the leader is the strongest of the circle inside the camp; a vacant secretariat goes to its best organiser
  alliances     for all 24 x 23 pairs: u_ij = affinity a_ji - ideology d_ij - threat q_j A_j / (A_i + A_j), d the distance of
                stances in three weighted dimensions; i stands where the power-weighted mean of u is higher, plus strength
                times the balance of power, plus judgement (luck). All decide at once
  motions       every month the leader moves the party's line on one issue to his stance; in half of the months the camp moves
                against the strongest and most ambitious member of the circle outside it. Each seat votes by itself:
                yes with probability 1/2 + v / (2 sqrt(1 + v^2)), v = l (argument of its patron) + (1 - l) (mood of its
                region). Who is condemned leaves the circle, loses prestige and his less loyal seats; ties sour or warm
  congress      every twelfth month the committee grows or shrinks, each seat stays with its holder or is filled by a drawn client of
                its region's patrons (clients of the other camp may be struck off), and the circle is filled

No rule depends on the order in which leaders or seats act. No exponentials, so that all agree to the last digits:
`mesa_model` (Mesa agents), `numpy_plain` and `numpy_model` (512 histories in arrays, as the guides teach and tuned), `ours/`
(mechanism files run by the engine). A month of a history asks for some 300 numbers of
luck. Nothing here is fitted to anything; the parameters only keep the model alive for thirty years.
"""

from .world import PARAMETERS, world

__all__ = ["PARAMETERS", "world"]
