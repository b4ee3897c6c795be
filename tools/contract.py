"""contract.py - read openapi/v1.yaml as the JSON it stands for.

Only what JSON can hold: a value that YAML would read as a date stays a string.  A key that stands twice is refused,
which YAML libraries let pass in silence.
"""
import os
import sys

try:
    import yaml
except ImportError:
    # The yaml of Debian belongs to Debian's python, which need not be the first in PATH.
    if not os.path.exists('/usr/bin/python3') or os.path.realpath(sys.executable) == os.path.realpath('/usr/bin/python3'):
        raise
    os.execv('/usr/bin/python3', ['/usr/bin/python3'] + sys.argv)

ERRORS = yaml.YAMLError


class Strict(yaml.SafeLoader):
    pass


Strict.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in rows if tag != 'tag:yaml.org,2002:timestamp']
    for first, rows in yaml.SafeLoader.yaml_implicit_resolvers.items()}


def mapping(loader, node):
    own = [key.value for key, _ in node.value if key.tag != 'tag:yaml.org,2002:merge']
    for key, _ in node.value:
        if own.count(key.value) > 1:
            raise yaml.MarkedYAMLError(problem=f'"{key.value}" stands twice', problem_mark=key.start_mark)
    loader.flatten_mapping(node)
    return {key.value: loader.construct_object(value, deep=True) for key, value in node.value}


Strict.add_constructor('tag:yaml.org,2002:map', mapping)


def load(text):
    return yaml.load(text, Strict)
