"""The reduced model: one small struggle for power, written three times, to compare what runs it.

A fair subset of the engine's mechanisms. Leaders i (24, each slot refilled when its holder dies), local organisations r
(40), issues k (3), a circle of nine, months t. State: prestige p, flexibility f, ambition q, organising h, ideal points x,
stances s, committee seats K (unattached K_0), patron shares c_ri of local officials (unattached c_r0), affinity a_ij of i
towards j, side b_i (1 with the leader's camp), a seat in the circle, the office of secretary g. In every month, in this order:

  deaths        with probability mortality (age / 60)^8 a leader dies; a younger man with drawn traits takes his slot,
                without seats, clients or ties
  opinion       m_k += opinion_speed (signal_tk - m_k)
  stances       s_ik += stance_speed (target_ik - s_ik); target x_ik + f_i (m_k - x_ik) with the camp, x_ik outside it
  appointments  in every place a share 2 u turnover of the posts is refilled, less resistance * strength where the local
                boss stands outside the camp: grip h_g to the secretary, half of the rest times strength to the boss
  power         A_i = p_i + office (the secretary's) + cadre_weight sum_r w_r c_ri + seat_weight K_i; the leader is the
                strongest member of the circle inside the camp; a vacant secretariat goes to its best organiser
  alliances     for all pairs: u_ij = affinity a_ji (j's goodwill) - ideology d_ij - threat q_j A_j / (A_i + A_j), d the
                weighted distance of stances; i stands where the power-weighted mean of u is higher, plus strength
                times the balance of power, plus judgement (luck). All decide at once
  motion        at a rate, against the strongest and most ambitious member of the circle outside the camp; every bloc
                votes 1/2 + y / (2 sqrt(1 + y^2)), y = +-discipline - loyalty a_jx + noise; a majority takes his
                seat in the circle, half his seats in the committee and part of his prestige, and ties sour or warm
  congress      every twelfth month: seats carry or follow delegates (the minority's count half); the circle is filled

No rule depends on the order in which leaders act. No exponentials, so that all three can agree to the last digits:
`mesa_model` (Mesa agents), `numpy_model` (512 histories in arrays), `ours/` (mechanism files run by the engine).
Nothing here is fitted to anything; the parameters only keep the model alive for thirty years.
"""

from .world import PARAMETERS, world

__all__ = ["PARAMETERS", "world"]
