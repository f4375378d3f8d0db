"""Public stances: bent towards cadre opinion inside the camp, back to conviction outside it."""

from benchmarks.reduced.ours.columns import FLEXIBILITY, IDEAL, SIDE, STANCE, K, N
from politburo.engine.kernel import small

PARAMETERS = ("stance_speed",)


@small
def step(w, p, s):
    c = s.worth.reshape(-1)[int(s.now[0].from_line) :]
    speed = p.stance_speed
    for k in range(K):
        opinion = s.opinion[k]
        for i in range(N):
            ideal, stance = c[IDEAL + N * k + i], c[STANCE + N * k + i]
            target = ideal + c[FLEXIBILITY + i] * c[SIDE + i] * (opinion - ideal)
            c[STANCE + N * k + i] = stance + speed * (target - stance)
