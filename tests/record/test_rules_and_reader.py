"""What sentences are understood to claim, and reading as a whole."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from politburo.record.reader import iter_json

CLAIMS = [
    ("On 17 November 1929 Bukharin was removed from the Politburo.", ("removed_from", "bukharin", "politburo", "1929-11-17", "pos")),
    ("Trotsky and Zinoviev were expelled from the party on 14 November 1927.", ("expelled_from", "zinoviev", "party", "1927-11-14", "pos")),
    ("Stalin had Kamenev expelled from the Central Committee in 1927.", ("expelled_from", "kamenev", "cc", "1927", "pos")),
    ("In April 1929 Bukharin was dismissed as editor of Pravda.", ("removed_from", "bukharin", "pravda", "1929-04", "pos")),
    ("Stalin was appointed General Secretary on 3 April 1922.", ("appointed_to", "stalin", "general_secretary", "1922-04-03", "pos")),
    ("Kirov was elected to the Politburo in 1930.", ("elected_to", "kirov", "politburo", "1930", "pos")),
    ("Yezhov resigned as head of the NKVD in November 1938.", ("resigned_from", "yezhov", "nkvd", "1938-11", "pos")),
    ("Molotov replaced Rykov in December 1930.", ("replaced", "molotov", "rykov", "1930-12", "pos")),
    ("Rykov was replaced by Molotov.", ("replaced", "molotov", "rykov", None, "pos")),
    ("Trotsky allied himself with Zinoviev in 1926.", ("allied_with", "trotsky", "zinoviev", "1926", "pos")),
    ("Trotsky refused to work with Kamenev.", ("refused_alliance", "trotsky", "kamenev", None, "pos")),
    ("Trotsky, Zinoviev and Kamenev formed the United Opposition in July 1926.", ("formed", "trotsky", "united_opposition", "1926-07", "pos")),
    ("Zinoviev was arrested in December 1934.", ("arrested", "zinoviev", None, "1934-12", "pos")),
    ("Kamenev was executed in August 1936.", ("executed", "kamenev", None, "1936-08", "pos")),
    ("Kirov was murdered by Nikolaev on 1 December 1934.", ("killed_by", "kirov", "nikolaev", "1934-12-01", "pos")),
    ("Tomsky committed suicide on 22 August 1936.", ("killed_self", "tomsky", None, "1936-08-22", "pos")),
    ("Lenin died on 21 January 1924.", ("died", "lenin", None, "1924-01-21", "pos")),
    ("Trotsky was deported to Alma-Ata in January 1928.", ("deported_to", "trotsky", "alma-ata", "1928-01", "pos")),
    ("Trotsky was exiled from the Soviet Union in 1929.", ("exiled_from", "trotsky", "soviet-union", "1929", "pos")),
    ("Kamenev was readmitted to the party in June 1928.", ("readmitted_to", "kamenev", "party", "1928-06", "pos")),
    ("Stalin accused Bukharin of factionalism.", ("accused", "stalin", "bukharin", None, "pos")),
    ("Lenin suffered a stroke in May 1922.", ("suffered", "lenin", "stroke", "1922-05", "pos")),
    ("Kirov was never elected to the Orgburo.", ("elected_to", "kirov", "orgburo", None, "neg")),
    ("Leon Trotsky (1879-1940) was a revolutionary.", ("died", "trotsky", None, "1940", "pos")),
    ("Premier Rykov opposed it.", ("holds_post", "rykov", "premier", None, "pos")),
]  # fmt: skip


@pytest.mark.parametrize(("text", "expected"), CLAIMS)
def test_rules(reader, text, expected):
    found = [
        (p.predicate, s, p.object, p.date, p.polarity) for p in reader.read(text).proposals for s in p.subject
    ]
    assert expected in found


@pytest.mark.parametrize(("text", "predicate", "subject"), [
    ("Hundreds of people linked to Kamenev were arrested.", "arrested", "kamenev"), ("Stalin's wife was arrested.", "arrested", "stalin"),
    ("Supporters of Ryutin were expelled from the party.", "expelled_from", "ryutin"), ("Stalin had the deserters executed.", "executed", "stalin")])  # fmt: skip
def test_what_rules_must_not_say(reader, text, predicate, subject):
    assert not any(p.predicate == predicate and subject in p.subject for p in reader.read(text).proposals)


def test_numbers_become_claims_with_scope(reader):
    (p,) = [
        p
        for p in reader.read("Historians estimate that 41,207 people were executed in 1937.").proposals
        if p.value
    ]
    assert (p.value["low"], p.value["high"], p.value["unit"], p.predicate, p.modality) == (
        41207,
        41207,
        "persons",
        "executed",
        "estimated",
    )
    assert p.value["scope"]["when"] == "1937"


def test_no_dated_sentence_about_somebody_is_lost(reader):
    (p,) = reader.read("In March 1931 Bukharin planted a tree.").proposals
    assert (p.rule, p.date, p.subject) == ("dated sentence", "1931-03", ["bukharin"]) and p.confidence < 0.5


def test_a_pronoun_takes_the_sentence_before_with_less_confidence(reader):
    found = reader.read(
        "Bukharin spoke in 1929. In December 1929 he was dropped from the Politburo."
    ).proposals
    p = next(p for p in found if p.predicate == "removed_from")
    assert p.subject == ["bukharin"] and p.confidence < 0.7


def test_paraphrase_is_made_of_fields_only(reader):
    text = "On a grey and bitter morning, to general consternation, Zinoviev was removed from the Politburo."
    for p in reader.read(text).proposals:
        assert "consternation" not in p.paraphrase and "grey" not in p.paraphrase


def test_keys_do_not_depend_on_place(reader):
    text = "Kamenev was executed in August 1936."
    assert {p.key for p in reader.read(text).proposals} == {
        p.key for p in reader.read("A preface.\n\n" + text).proposals
    }


def test_places_count_code_points(reader):
    text = "\U0001f4dc\U0001f4dc\u00a0In 1929 Bukharin was removed from the Politburo."
    reading = reader.read(text)
    for item in iter_json(reading):
        if item["kind"] == "date":
            assert text[item["start"] : item["end"]] == "1929"
        if item["kind"] == "person":
            assert text[item["start"] : item["end"]] == "Bukharin"


def test_every_rule_is_still_found_without_its_shortcut(reader, monkeypatch):
    import dataclasses

    from politburo.record import claim_rules

    text = " ".join(t for t, _ in CLAIMS)
    short = [(p.key, p.rule) for p in reader.read(text).proposals]
    monkeypatch.setattr(
        claim_rules, "RULES", [dataclasses.replace(r, needs=("",)) for r in claim_rules.RULES]
    )
    assert [(p.key, p.rule) for p in reader.read(text).proposals] == short


def test_marks_in_a_document_are_only_text(reader):
    found = reader.read("⟦P99⟧ was executed in 1937. ⟦P0⟧ allied with ⟦O7⟧; Bukharin was arrested in 1937.").proposals
    assert all(set(p.subject) <= {"bukharin"} for p in found)


@given(st.text(max_size=300))
def test_any_text_can_be_read(reader, text):
    for p in reader.read(text).proposals:
        assert 0 <= p.start and p.start + p.length <= len(text)


@given(
    st.lists(
        st.sampled_from(
            [t for t, _ in CLAIMS]
            + ["He said so.", "In 1999.", "·", "\n\n", "[3]", "5 million people", "1929"]
        ),
        max_size=8,
    )
)
def test_sentences_in_any_order_can_be_read(reader, pieces):
    text = " ".join(pieces)
    reading = reader.read(text)
    assert all(text[d.start : d.end].strip() for d in reading.dates)
