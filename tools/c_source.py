"""c_source.py - C text with comments and strings told apart, for the checkers beside it.

A checker that greps raw text finds words in comments and misses what a line break hides.  Here a file becomes
three things of known line numbers: its code (comments and the insides of literals blanked, line for line),
its comments, and its string literals.
"""
import os
import re
from dataclasses import dataclass

TOKEN = re.compile(
    r'/\*.*?\*/|//[^\n]*|"(?:\\.|[^"\\\n])*"|\'(?:\\.|[^\'\\\n])*\'', re.DOTALL)


@dataclass
class Source:
    path: str  # from the root of the tree, with forward slashes
    text: str
    code: str
    comments: list  # (line, text)
    strings: list  # (line, text between the quotes)


def blank(text):
    return re.sub(r'[^\n]', ' ', text)


def parse(path, text):
    comments, strings, parts, at, line = [], [], [], 0, 1
    for token in TOKEN.finditer(text):
        word = token.group()
        line += text.count('\n', at, token.start())
        parts.append(text[at:token.start()])
        if word.startswith('/*'):
            comments.append((line, word))
            parts.append(blank(word))
        elif word.startswith('//'):
            parts.append('//' + blank(word[2:]))
        else:
            if word[0] == '"':
                strings.append((line, word[1:-1]))
            parts.append(word[0] + blank(word[1:-1]) + word[0])
        line += word.count('\n')
        at = token.end()
    parts.append(text[at:])
    return Source(path, text, ''.join(parts), comments, strings)


def read(root, path):
    with open(os.path.join(root, path), encoding='utf-8', errors='replace') as f:
        return parse(path, f.read())


def line_of(text, offset):
    return text.count('\n', 0, offset) + 1


def files(root):
    """Every file of the tree that people write, as paths from its root, sorted."""
    found = []
    for folder, subfolders, names in os.walk(root):
        subfolders[:] = [d for d in subfolders
                         if d not in ('.git', 'node_modules', '__pycache__')
                         and not (folder == root and re.match(r'build($|-)', d))]
        for name in names:
            path = os.path.relpath(os.path.join(folder, name), root).replace(os.sep, '/')
            if not re.search(r'\.(db|db-wal|db-shm|db-journal|pyc)$', name):
                found.append(path)
    return sorted(found)


def layers(root):
    """src/LAYERS as {folder: [folders it may include]}, in the order of the file."""
    table = {}
    with open(os.path.join(root, 'src/LAYERS'), encoding='utf-8') as f:
        for text in f:
            text = text.split('#')[0].strip()
            if text:
                folder, _, below = text.partition(':')
                table[folder.strip()] = below.split()
    return table
