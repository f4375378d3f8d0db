"""Public stances: bent towards cadre opinion inside the camp, back to conviction outside it."""

from benchmarks.reduced.ours.draws import K, N, inlined

PARAMETERS = ("stance_speed",)


@inlined
def step(w, p, s):
    m = s.people
    for i in range(N):
        bend = m[i].flexibility * m[i].side
        for k in range(K):
            target = s.ideal[i, k] + bend * (s.opinion[k] - s.ideal[i, k])
            s.stance[i, k] += p.stance_speed * (target - s.stance[i, k])
