"""planted.py - run a checker on a small sound tree, then on copies with one defect each.

A check that was never seen to fail proves nothing.  The sound tree must pass; each planted defect must be found, in
the file it was planted in, and nothing else may be.
"""
import importlib.machinery
import importlib.util
import os
import tempfile


def load(name):
    """A checker beside this file, as a module (they have no .py in their names)."""
    path = os.path.join(os.path.dirname(os.path.abspath(__file__)), name)
    loader = importlib.machinery.SourceFileLoader(name, path)
    module = importlib.util.module_from_spec(importlib.util.spec_from_loader(name, loader))
    loader.exec_module(module)
    return module


def write_tree(root, files):
    for path, text in files.items():
        full = os.path.join(root, path)
        os.makedirs(os.path.dirname(full), exist_ok=True)
        with open(full, 'w', encoding='utf-8') as f:
            f.write(text)


def run(check, sound, defects):
    """defects: (what, path, text, word the finding must have, path it names if another).  Returns the exit code."""
    passed = failed = 0
    with tempfile.TemporaryDirectory() as root:
        write_tree(root, sound)
        found = list(check(root))
        if found:
            failed += 1
            print(f'not ok: the sound tree is reported: {found}')
        else:
            passed += 1
    for what, path, text, word, *elsewhere in defects:
        with tempfile.TemporaryDirectory() as root:
            write_tree(root, {**sound, path: text})
            found = list(check(root))
            where = elsewhere[0] if elsewhere else path
            hits = [f for f in found if f[0] == where and any(word in str(part) for part in f[2:])]
            if hits and len(hits) == len(found):
                passed += 1
            else:
                failed += 1
                print(f'not ok: {what}: wanted "{word}" in {path}, got {found}')
    print(f'{passed} passed, {failed} failed')
    return 1 if failed else 0
