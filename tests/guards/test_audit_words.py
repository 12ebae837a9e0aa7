"""Every action that is noted in the audit trail has words, and no words are left over."""

import ast
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from services.marks.domain.requests import Kind
from shared.audit_words import TABLES, words_of
from tests.guards.tree import ROOT, SOURCES, modules, plant

# Actions that are put together, as the code spells them, and what they come to.
PUT_TOGETHER = {
    "f'{request.kind}.requested'": [f"{kind}.requested" for kind in Kind],
    "f'{request.kind}.decided'": [f"{kind}.decided" for kind in Kind],
}

Trees = list[tuple[Path, ast.Module]]
# What notes a change, by its name and the module that alone has it (None: all have); and which of
# its arguments is the action: the how manieth, from 0, and its name.
Writers = dict[tuple[Path | None, str], tuple[int, str]]
RECORD: Writers = {(None, "record"): (2, "action")}


def noted(root: Path) -> set[str]:
    """The actions given to `audit.record`, or to a function that hands its own argument on to it.

    One that cannot be read here is given as the code spells it.
    """
    trees = list(modules(root, SOURCES))
    return {
        action
        for _path, given, function in _given(trees, _writers(trees))
        if _handed_on(given, function) is None
        for action in _read(given, _assigned(function))
    }


def _writers(trees: Trees) -> Writers:
    found = RECORD
    while more := {key: place for key, place in _handing_on(trees, found) if key not in found}:
        found = found | more
    return found


def _handing_on(
    trees: Trees, writers: Writers
) -> Iterator[tuple[tuple[Path | None, str], tuple[int, str]]]:
    for path, given, function in _given(trees, writers):
        place = _handed_on(given, function)
        if function and place:
            yield (path if function.name.startswith("_") else None, function.name), place


def _given(
    trees: Trees, writers: Writers
) -> Iterator[tuple[Path, ast.expr, ast.FunctionDef | None]]:
    """Every argument that is an action, with the function that gives it."""
    for path, tree in trees:
        for call, function in _calls(tree):
            name = _called(call)
            place = writers.get((path, name)) or writers.get((None, name))
            for given in _arguments_at(call, place) if place else ():
                yield path, given, function


def _calls(
    node: ast.AST, within: ast.FunctionDef | None = None
) -> Iterator[tuple[ast.Call, ast.FunctionDef | None]]:
    """Every call, with the function it stands in."""
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.Call):
            yield child, within
        yield from _calls(child, child if isinstance(child, ast.FunctionDef) else within)


def _called(call: ast.Call) -> str:
    if isinstance(call.func, ast.Attribute):
        return call.func.attr
    return call.func.id if isinstance(call.func, ast.Name) else ""


def _arguments_at(call: ast.Call, place: tuple[int, str]) -> list[ast.expr]:
    """The argument there, or none where the call is of something else with that name."""
    at, name = place
    by_name = [keyword.value for keyword in call.keywords if keyword.arg == name]
    return [*call.args[at : at + 1], *by_name]


def _handed_on(given: ast.expr, function: ast.FunctionDef | None) -> tuple[int, str] | None:
    """Where the function has it from, if from whoever calls it."""
    names = [argument.arg for argument in function.args.args] if function else []
    if isinstance(given, ast.Name) and given.id in names:
        return names.index(given.id), given.id
    return None


def _assigned(function: ast.FunctionDef | None) -> dict[str, ast.expr]:
    """What names stand for in the function."""
    return {
        target.id: node.value
        for node in (ast.walk(function) if function else ())
        if isinstance(node, ast.Assign)
        for target in node.targets
        if isinstance(target, ast.Name)
    }


def _read(given: ast.expr, assigned: Mapping[str, ast.expr]) -> list[str]:
    match given:
        case ast.Constant(str(action)):
            return [action]
        case ast.IfExp(body=one, orelse=other):
            return [*_read(one, assigned), *_read(other, assigned)]
        case ast.Name(name) if name in assigned:
            return _read(assigned[name], {})
    said = ast.unparse(given)
    return PUT_TOGETHER.get(said, [said])


def test_every_action_has_words_and_all_words_an_action() -> None:
    assert noted(ROOT) == {action for table in TABLES for action in table}, "shared/audit_words.py"


def test_an_action_has_words_once() -> None:
    actions = [action for table in TABLES for action in table]
    assert len(actions) == len(set(actions))


def test_an_action_that_is_no_more_is_told_by_its_code() -> None:
    assert (words_of("session.ended"), words_of("marks.put")) == ("Signed out", "marks.put")


@pytest.mark.parametrize(
    ("code", "found"),
    [
        ("audit.record(session, who, 'a.done', subject, change)", {"a.done"}),
        ("record(session, who, subject=subject, change=change, action='a.done')", {"a.done"}),
        ("def f(new):\n    audit.record(s, w, 'a.b' if new else 'a.c', o, c)", {"a.b", "a.c"}),
        ("def f(new):\n    did = 'a.b' if new else 'a.c'\n    record(s, w, did)", {"a.b", "a.c"}),
        ("def note(s, action):\n    record(s, w, action)\nlog.note(s, 'a.b')", {"a.b"}),
        ("def _note(what):\n    record(s, w, what)\nwith _note(what='a.b'):\n    f()", {"a.b"}),
        ("def _f(a):\n    g(s, a)\ndef g(s, b):\n    record(s, w, b)\n_f('a.b')", {"a.b"}),
        ("audit.record(session, who, f'{kind}.done', subject, change)", {"f'{kind}.done'"}),
        ("audit.record(session, who, ACTIONS[kind], subject, change)", {"ACTIONS[kind]"}),
    ],
)
def test_a_planted_action_is_found(tmp_path: Path, code: str, found: set[str]) -> None:
    assert noted(plant(tmp_path, "services/marks/planted.py", f"{code}\n")) == found


def test_what_another_module_calls_its_own_notes_nothing(tmp_path: Path) -> None:
    plant(tmp_path, "shared/a.py", "def _note(what):\n    record(s, w, what)\n")
    assert noted(plant(tmp_path, "shared/b.py", "_note('a.done')\n")) == set()
