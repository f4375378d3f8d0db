"""Public stances: bent towards cadre opinion inside the camp, back to conviction outside it."""

from politburo.engine.kernel import kernel

PARAMETERS = ("stance_speed",)


@kernel
def step(w, p, s):
    m = s.people
    for i in range(len(m)):
        bend = m[i].flexibility * m[i].side
        for k in range(s.ideal.shape[1]):
            target = s.ideal[i, k] + bend * (s.opinion[k] - s.ideal[i, k])
            s.stance[i, k] += p.stance_speed * (target - s.stance[i, k])
