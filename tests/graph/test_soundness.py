"""Soundness, against a token game that tries every run, and against textbook nets."""

from __future__ import annotations

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import pubservice as ps
from every_run import (
    ALL,
    FREE,
    Builder,
    Kind,
    Marking,
    TokenGame,
    is_ended,
    is_improper,
    is_unsafe,
    procedure,
    random_procedure,
    try_every_way,
)
from pubservice.graph.soundness import Fault, Soundness, soundness


def shows(fault: Fault, game: TokenGame) -> bool:
    """Return whether the run of a fault leads to it."""
    assert fault.run is not None
    markings = game.replay(fault.run)
    match fault.kind:
        case "deadlock":
            return any(not is_ended(m) and not game.can_happen(m) for m in markings)
        case "lack-of-synchronisation":
            return any(is_unsafe(m) for m in markings)
        case "improper-completion":
            return any(is_improper(m) for m in markings)
        case "unbounded":
            return any(covers(m, game, fault.run) for m in markings)
        case "livelock":
            return any(never_ends(m, game) for m in markings)
        case _:
            return False


def covers(marking: Marking, game: TokenGame, run: tuple[str, ...]) -> bool:
    """Return whether a marking has all that an earlier one of its run has, and more."""
    earlier = {m for i in range(len(run)) for m in game.replay(run[:i])}
    tokens = dict(marking)
    return any(m != marking and all(tokens.get(edge, 0) >= n for edge, n in m) for m in earlier)


def never_ends(marking: Marking, game: TokenGame) -> bool:
    """Return whether no run from a marking ends, as far as 300 states show."""
    seen, queue = {marking}, [marking]
    for m in queue:
        if is_ended(m):
            return False
        for id in game.nodes if len(seen) < 300 else ():
            for after in game.fire(m, id):
                if after not in seen:
                    seen.add(after)
                    queue.append(after)
    return True


def shortest(found: Soundness, kind: str) -> int | None:
    """Return the length of the shortest run to a fault of a kind."""
    return min((len(f.run) for f in found.faults if f.kind == kind and f.run is not None), default=None)


def agrees(model: ps.Procedure) -> Soundness:
    """Hold the soundness of a procedure against every way it can run."""
    found = soundness(model, at_most_states=1500)
    tried = try_every_way(model)
    game = TokenGame(model)
    seen = list(tried.shortest)
    for fault in found.faults:
        assert fault.run is None or shows(fault, game), (model, fault)
    kinds = {fault.kind for fault in found.faults}
    if tried.all_ways:
        expected = {
            "option_to_complete": tried.option_to_complete,
            "proper_completion": not any(map(is_improper, seen)),
            "no_dead_nodes": tried.fired == set(game.nodes),
            "safe": not any(map(is_unsafe, seen)),
        }
        inclusive = any(gateway.kind == "inclusive" for gateway in model.gateways)
        got = {name: getattr(found, name) for name in expected}
        if inclusive and not expected["safe"]:
            assert found.safe is False
            assert all(got[name] in (None, expected[name]) for name in got), (model, found)
        else:
            assert got == expected, (model, found)
            dead = [m for m, following in tried.markings.items() if not following and not is_ended(m)]
            assert shortest(found, "deadlock") == min((tried.shortest[m] for m in dead), default=None)
            for kind, is_bad in (
                ("improper-completion", is_improper),
                ("lack-of-synchronisation", is_unsafe),
            ):
                bad = [tried.shortest[m] for m in seen if is_bad(m)]
                assert shortest(found, kind) == min(bad, default=None), (model, found)
        assert found.verdict == ("sound" if all(expected.values()) else "unsound")
        assert "unbounded" not in kinds
    elif found.verdict == "sound":
        assert not any(is_improper(m) or is_unsafe(m) for m in seen)
        assert all(following or is_ended(m) for m, following in tried.markings.items())
    return found


@settings(max_examples=80, deadline=None)
@given(st.integers(2, 9), st.integers(0, 10**9), st.sampled_from([FREE, ALL]))
def test_any_procedure_agrees_with_every_way_it_can_run(
    size: int, seed: int, kinds: tuple[Kind, ...]
) -> None:
    """
    Verdict and properties are those of all states, runs lead to their faults, and none is shorter.
    """
    agrees(random_procedure(seed, size, kinds))


@settings(max_examples=80, deadline=None)
@given(st.integers(2, 8), st.integers(0, 10**9), st.sampled_from([FREE, ALL]))
def test_nested_blocks_are_sound(size: int, seed: int, kinds: tuple[Kind, ...]) -> None:
    """
    Blocks of one kind inside each other are sound, and no state is looked at to know it.
    """
    builder = Builder(seed, kinds)
    builder.whole(size)
    model = builder.procedure()
    if not any(flow.probability == 0 for flow in model.flows):
        found = agrees(model)
        assert found.verdict == "sound"
        assert found.method == "nested blocks, every node on a way from the start to an end"


@settings(max_examples=120, deadline=None)
@given(
    st.integers(2, 8), st.integers(0, 10**9), st.sampled_from([FREE, ALL]), st.integers(1, 3), st.booleans()
)
def test_spoilt_blocks_agree_with_every_way_they_can_run(
    size: int, seed: int, kinds: tuple[Kind, ...], times: int, bridged: bool
) -> None:
    """
    Where flows are led elsewhere, left out, bridged, or gateways change their kind, the verdict is that of all states.
    """
    builder = Builder(seed, kinds)
    builder.whole(size)
    for _ in range(times):
        if bridged:
            builder.bridge()
        else:
            builder.mutate()
    agrees(builder.procedure())


def faults(found: Soundness) -> list[tuple[str, str, str | None]]:
    return [
        (fault.kind, " ".join(fault.nodes), None if fault.run is None else " ".join(fault.run))
        for fault in found.faults
    ]


BLOCK = "i s, s a, s b, a j, b j, j o"


@pytest.mark.parametrize(
    ("text", "kinds", "expected"),
    [
        # The three nets of the oracle soundness-small.
        (BLOCK, {"s": "exclusive", "j": "exclusive"}, []),
        (
            BLOCK,
            {"s": "exclusive", "j": "parallel"},
            [("deadlock", "j", "i s a"), ("dead-node", "j o", None)],
        ),
        (
            BLOCK,
            {"s": "parallel", "j": "exclusive"},
            [("lack-of-synchronisation", "j o", "i s a j b j"), ("improper-completion", "o b", "i s a j o")],
        ),
        # An inclusive join closes what any gateway has split.
        (BLOCK, {"s": "parallel", "j": "inclusive"}, []),
        (BLOCK, {"s": "exclusive", "j": "inclusive"}, []),
        (
            BLOCK,
            {"s": "inclusive", "j": "parallel"},
            [("deadlock", "j", "i s a")],
        ),
        # Livelock: a loop that nobody leaves, beside a way that ends.
        ("i a, i o, a b, b a", {}, [("livelock", "a b", "i a")]),
        # A loop that nobody leaves, and no end.
        ("i a, a i", {}, [("no-end", "i", None)]),
        # A branch that a parallel gateway leads back piles up work.
        (
            "i a, a s, s a, s o",
            {"s": "parallel"},
            [
                ("unbounded", "a s", "i a s a"),
                ("improper-completion", "o a", "i a s o"),
            ],
        ),
        # A parallel gateway before two ends.
        (
            "i s, s a, s b",
            {"s": "parallel"},
            [("improper-completion", "a b", "i s a")],
        ),
        # Two parallel branches that end at one step.
        (
            "i s, s a, s b, a o, b o",
            {"s": "parallel"},
            [("improper-completion", "o b", "i s a o")],
        ),
        # A join that waits for its own output.
        (
            "i j, j s, s o, s j",
            {"j": "parallel", "s": "exclusive"},
            [("deadlock", "j", "i"), ("dead-node", "j s o", None)],
        ),
        # A join that waits for what an inclusive gateway never takes.
        (
            "i s, s a 1, s j 0, a j, j o",
            {"s": "inclusive", "j": "parallel"},
            [("deadlock", "j", "i s a"), ("dead-node", "j o", None)],
        ),
        # An inclusive gateway of which two branches meet before the third.
        (
            "i s, s a .5, s b .5, s c .5, a j, b j, j k, c k, k o",
            {"s": "inclusive", "j": "inclusive", "k": "inclusive"},
            [],
        ),
        # A step to which no flow leads, and a join that waits for it.
        ("i o, a o", {}, [("dead-node", "a", None)]),
        (
            "i j, a j, j o",
            {"j": "parallel"},
            [("deadlock", "j", "i"), ("dead-node", "j o", None), ("dead-node", "a", None)],
        ),
        # What an inclusive gateway never takes is dead; what a choice takes with probability 0 is not.
        (
            "i s, s a 1, s b 0, a j, b j, j o",
            {"s": "inclusive", "j": "inclusive"},
            [("dead-node", "b", None)],
        ),
        ("i s, s a 1, s b 0, a j, b j, j o", {"s": "exclusive", "j": "exclusive"}, []),
        (
            "i s, s a 1, s b 0, a j, b j, j o",
            {"s": "inclusive", "j": "parallel"},
            [("deadlock", "j", "i s a"), ("dead-node", "j o", None), ("dead-node", "b", None)],
        ),
    ],
)
def test_each_error_is_named_with_nodes_and_a_shortest_run(
    text: str, kinds: dict[str, Kind], expected: list[tuple[str, str, str | None]]
) -> None:
    """
    Deadlock, livelock, lack of synchronisation, improper completion, dead nodes and unbounded work are told apart.
    """
    found = agrees(procedure(text, **kinds))
    assert faults(found) == expected
    assert found.verdict == ("unsound" if expected else "sound")


def test_parallel_branches_that_wait_for_each_other_are_sound_without_blocks() -> None:
    """
    In the N of precedence (a before c and d, b before d) no blocks close; the rank theorem says that it is sound.
    """
    text = "i s, s a, s b, a f, f c, f j, b j, j d, c e, d e, e o"
    found = agrees(procedure(text, s="parallel", f="parallel", j="parallel", e="parallel"))
    assert str(found) == "sound: rank theorem on the 7 flows left after folding"
    wrong = agrees(procedure(text, s="parallel", f="exclusive", j="parallel", e="parallel"))
    assert faults(wrong) == [("deadlock", "j e", "i s a f b c"), ("dead-node", "e o", None)]


def wide(branches: int, kind: Kind = "parallel") -> ps.Procedure:
    """Return one block of so many branches."""
    some = [f"b{i}" for i in range(branches)]
    return procedure("i s, j o," + ",".join(f"s {b}, {b} j" for b in some), s=kind, j=kind)


@pytest.mark.parametrize("kind", ["exclusive", "parallel", "inclusive"])
def test_many_branches_need_no_states(kind: Kind) -> None:
    """
    A block of 200 branches is decided as one of two.
    """
    assert soundness(wide(200, kind), at_most_states=1).verdict == "sound"


def test_beyond_the_cap_nothing_is_called_sound() -> None:
    """
    Where an inclusive gateway is left and there are more states than allowed, soundness is unknown.
    """
    some = [f"b{i}" for i in range(8)]
    text = "i s, j o," + ",".join(f"s {b}, {b} j" for b in some)
    open_block = procedure(text, s="parallel", j="inclusive")
    capped = soundness(open_block, at_most_states=1)
    assert (capped.verdict, capped.faults) == ("unknown", ())
    assert {capped.option_to_complete, capped.proper_completion, capped.no_dead_nodes, capped.safe} == {None}
    assert str(capped) == "not known to be sound: more than 1 states"
    assert soundness(open_block).verdict == "sound"


def test_a_verdict_without_a_run_says_so() -> None:
    """
    Beyond the cap a free-choice net is still known to be unsound, though no run shows why.
    """
    net = procedure(
        "i s, s a, s b, a f, f c, f j, b j, j d, c e, d e, e o",
        s="parallel",
        f="exclusive",
        j="parallel",
        e="parallel",
    )
    found = soundness(net, at_most_states=2)
    assert found.verdict == "unsound"
    assert [(fault.kind, fault.run) for fault in found.faults] == [("unsound", None)]
    assert "no run that shows it in 2 states" in str(found)


def test_a_trap_behind_an_inclusive_gateway_is_unsound_beyond_the_cap() -> None:
    """
    A node from which no end can be reached is enough to know that something goes wrong.
    """
    net = procedure("i s, s a, s b, a j, b j, j o, j t, t u, u t", s="parallel", j="inclusive")
    assert soundness(net, at_most_states=1).verdict == "unsound"
    assert ("livelock", "t u", "i s a b j t") in faults(agrees(net))


def test_an_inclusive_gateway_is_not_asked_about_two_tokens_on_a_flow() -> None:
    """
    What is not decided stays unknown, and the method says so.
    """
    net = procedure(
        "i s, s a, s b, a m, b m, m f, f c, f d, c j, d e, e j, j o",
        s="parallel",
        m="exclusive",
        f="exclusive",
        j="inclusive",
    )
    found = agrees(net)
    assert (found.verdict, found.safe, found.no_dead_nodes) == ("unsound", False, True)
    assert found.method == "an inclusive gateway is reached with two tokens on a flow"


def test_a_procedure_without_nodes_is_sound() -> None:
    """
    Where there is nothing to do nothing goes wrong.
    """
    assert str(soundness(ps.Procedure())) == "sound: there is nothing to do"


def test_the_result_speaks_both_languages_and_turns_into_json() -> None:
    """
    Verdict, method and faults are said in Indonesian; the data survive JSON.
    """
    found = soundness(procedure(BLOCK, s="exclusive", j="parallel"))
    assert found.text("id").splitlines() == [
        "tidak tertata benar (not sound): 3 keadaan",
        "permohonan macet: j menunggu b, padahal dari sana tidak ada lagi yang datang, setelah i, s, a",
        "tidak ada permohonan yang pernah melewati apa yang mendahului j, o",
    ]
    data = json.loads(json.dumps(found.data()))
    assert data["faults"][0] == {
        "kind": "deadlock",
        "nodes": ["j"],
        "message": "the case gets stuck: j waits for b, from where nothing comes any more",
        "run": ["i", "s", "a"],
    }
    assert (data["verdict"], data["option_to_complete"], data["safe"]) == ("unsound", False, True)
    assert str(found.faults[0]).endswith("after i, s, a")
