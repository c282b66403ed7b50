from hypothesis import given, settings
from hypothesis import strategies as st

from forms.answers.forms_of import form_of, item
from innsyn.forms.engine.merging import Conflict, merge
from innsyn.forms.engine.taking import add, remove, take
from innsyn.forms.engine.values import Answer, Answers, Node, write_answers

FORM = form_of(
    item("a", "string"),
    item("b", "string", item("below", "string")),
    item("group", "group", item("x", "string"), item("y", "string"), repeats=True),
    item("many", "string", repeats=True),
)


def text(words: str) -> tuple[Answer, ...]:
    return (Answer(value_string=words),)


def written(base: Answers, **names: str) -> Answers:
    posted = {name.removeprefix("n").replace("_", "."): [words] for name, words in names.items()}
    return take(FORM, base, posted, posted)


def test_what_one_side_changed_is_taken_and_what_both_changed_is_for_the_citizen() -> None:
    base = written([], n0="old", n1="old")
    mine = written(base, n0="mine", n2="below, mine")
    theirs = written(base, n1="theirs")
    assert merge(FORM, base, mine, theirs) == (written(base, n0="mine", n1="theirs", n2="below, mine"), [])
    both = written(theirs, n0="theirs")
    conflict = Conflict(name="0", mine=text("mine"), theirs=text("theirs"))
    assert merge(FORM, base, mine, both) == (written(both, n2="below, mine"), [conflict])
    assert merge(FORM, base, mine, mine) == (mine, [])


def test_two_who_begin_the_first_instance_share_it() -> None:
    mine, theirs = written([], n4_0="mine"), written([], n5_0="theirs")
    assert merge(FORM, [], mine, theirs) == (written([], n4_0="mine", n5_0="theirs"), [])


def test_instances_are_found_though_one_was_removed() -> None:
    base = written(add(FORM, [], "3.0"), n4_0="Kari", n4_1="Ola")
    removed, changed = remove(FORM, base, "3.0"), written(base, n5_1="42")
    assert merge(FORM, base, changed, removed) == (written([], n4_0="Ola", n5_0="42"), [])
    assert merge(FORM, base, removed, changed) == (written([], n4_0="Ola", n5_0="42"), [])


def test_an_instance_that_one_removed_and_the_other_changed_stays() -> None:
    base = written(add(FORM, [], "3.0"), n4_0="Kari", n4_1="Ola")
    changed = written(base, n4_0="Karin")
    assert merge(FORM, base, remove(FORM, base, "3.0"), changed) == (changed, [])


def test_both_add_one() -> None:
    base = written([], n4_0="Kari")
    mine, theirs = (written(add(FORM, base, "3.0"), n4_1=name) for name in ("Ola", "Per"))
    merged, conflicts = merge(FORM, base, mine, theirs)
    assert [node.item[0].answer[0].value_string for node in merged] == ["Kari", "Per", "Ola"]
    assert conflicts == []
    assert merge(FORM, base, mine, mine) == (mine, [])


TEXTS = st.sampled_from(["", "en", "to", "tre"])
STEPS = st.lists(
    st.one_of(
        st.tuples(st.sampled_from(["0", "1", "2", "4.0", "5.0", "4.1", "5.1", "4.2", "6"]), TEXTS),
        st.tuples(st.just("add"), st.sampled_from(["3.0", "6"])),
        st.tuples(st.just("remove"), st.sampled_from(["3.0", "3.1", "3.2"])),
    ),
    max_size=6,
)


def after(answers: Answers, steps: list[tuple[str, str]], mark: str = "") -> Answers:
    for what, value in steps:
        if what == "add":
            answers = add(FORM, answers, value)
        elif what == "remove":
            answers = remove(FORM, answers, value)
        else:
            answers = take(FORM, answers, {what: [value and mark + value]}, {what})
    return answers


@settings(max_examples=200, deadline=None)
@given(STEPS, STEPS, STEPS)
def test_nothing_that_was_typed_is_in_neither_the_result_nor_a_conflict(
    before: list[tuple[str, str]], mine: list[tuple[str, str]], theirs: list[tuple[str, str]]
) -> None:
    base = after([], before)
    one, other = after(base, mine, "m-"), after(base, theirs, "t-")
    merged, conflicts = merge(FORM, base, one, other)
    told = write_answers(merged).decode() + "".join(
        str(answer.value_string) for each in conflicts for answer in (*each.mine, *each.theirs)
    )
    assert [words for words in typed(one) + typed(other) if words not in told] == []
    assert merge(FORM, base, one, base)[1] == merge(FORM, base, base, other)[1] == []
    assert write_answers(merge(FORM, base, base, other)[0]) == write_answers(
        merge(FORM, other, other, other)[0]
    )


def typed(answers: list[Node]) -> list[str]:
    own = [each.value_string or "" for node in answers for each in node.answer]
    below = [node.item for node in answers] + [each.item for node in answers for each in node.answer]
    found = [words for words in own if words.startswith(("m-", "t-"))]
    return found + [words for nodes in below if nodes for words in typed(nodes)]
