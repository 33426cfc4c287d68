"""Files that ask for as much work and memory as a file of their size can: for tests, and for whoever looks for worse ones."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import count

Make = Callable[[int], str]
"""The text of a file of about so many bytes."""


def lines(head: str, line: Callable[[int], str], tail: str = "") -> Make:
    """Files with as many lines as there is room for between head and tail."""

    def made(size: int) -> Iterator[str]:
        yield head
        room = size - len(head) - len(tail)
        for k in count():
            text = line(k)
            room -= len(text)
            if room < 0:
                break
            yield text
        yield tail

    return lambda size: "".join(made(size))


_PY = 'net = Network("clam")\n'
_WIDE = _PY + "net.s = 'AudioSource'\nnet.s.NSources = 1024\nnet.o = 'AudioSink'\nnet.o.NSinks = 1024\n"
_READER = _PY + "net.b = 'MultiChannelAudioFileReader'\nnet.b.SourceFile = 'x.wav'\nnet.o = 'AudioSink'\n"
_PLAYER = "{0} = 'SndfilePlayer'\n{0}.SourceFile = 'x'\n{0}.out999 > net.o\n"
_PATH = f"<OscPath>/{'f' * 100}</OscPath><NumberOfArguments>1024</NumberOfArguments>"
_XML, _END = '<network id="x">\n', "</network>"
_XML_WIDE = (
    f'{_XML}<processing id="s" type="AudioSource"><NSources>1024</NSources></processing>'
    '<processing id="o" type="AudioSink"><NSinks>1024</NSinks></processing>'
)


def _wire(out: str, into: str) -> str:
    return f"<port_connection><out>{out}</out><in>{into}</in></port_connection>\n"


PYTHON: dict[str, Make] = {
    "many ports": lines(_PY, lambda k: f"net.a{k} = net.types.AudioMixer\nnet.a{k}.NumberOfInPorts = {1000 + k % 24}\n"),
    "other numbers of ports": lines(_PY, lambda k: f"net.a{k} = 'AudioSink'\nnet.a{k}.NSinks = {1024 - k % 500}\n"),
    "ports that come and go": lines(_PY + "net.o = 'AudioSink'\n", lambda k: f"net.o.NSinks = {1 + k % 1024}\n"),
    "names": lines(_PY, lambda k: f"net.a{k} = 'Saw'\n"),
    "aliases": lines(_PY, lambda k: f"net['a b{k}'] = 'Saw'\nnet.a_b{k}.Frequency = 1.0\n"),
    "deleted": lines(_PY, lambda k: "net.a = 'Saw'\ndel net.a\n"),
    "deleted from the front": lines(_PY, lambda k: f"net.a{k} = 'Saw'\n" if k < 1000 else f"del net.a{k - 1000}\n"),
    "renamed": lines(_PY, lambda k: f"net.a{k} = 'Saw'\nnet.a{k}.name = 'b{k}'\n"),
    "one sink": lines(_PY + "net.o = 'AudioSink'\n", lambda k: f"net.a{k} = 'Saw'\nnet.a{k} > net.o\n"),
    "all to all": lines(_WIDE, lambda k: "net.s > net.o\nnet.s / net.o\n"),
    "waiting wires": lines(_PY + "net._waiting = [", lambda k: f"('Port','a','b','c','{k}'),", "]\n"),
    "statements": lines(_PY, lambda k: "1;", "\n"),
    "sets": lines(_PY + "net.o = 'Oscillator'\n", lambda k: f"net.o.Frequency = {k}.5\nnet.o.Pitch = {k}.5\n"),
    "numbers": lines(_PY + "net.g = 'Gain'\n", lambda k: f"net.g.Gain = {'9' * 4000}\n"),
    "placeholders": lines(_PY, lambda k: f"net.p{k} = Placeholder('x{k}', inports=['a'])\n"),
    "a wide placeholder": lines(_PY + "net.p = Placeholder('x', inports=[", lambda k: f"'p{k}',", "])\n"),
    "types of a message": lambda size: f"{_PY}net.m = 'MultiLibloSource'\nnet.m.OSCTypeSpec = '{'f' * (size - 100)}'\n",
    "channels": lines(_PY + "net.m = 'MultiChannelAudioFileReader'\nnet.m.SelectedChannels = [", lambda k: "1,", "]\n"),
    "channels of a file": lines(_READER, lambda k: f"net.b['Channel #{k}'] > net.o\n" if k < 1024 else "net.b / net.o\n"),
    "channels of files": lines(_PY + "net.o = 'AudioSink'\n", lambda k: _PLAYER.format(f"net.b{k}")),
    "brackets": lambda size: _PY + "x = " + "[" * (size - 50),
}  # fmt: skip
"""``.py`` files, by what they have much of."""

XML: dict[str, Make] = {
    "processings": lines(_XML, lambda k: f'<processing id="a{k}" type="Saw" position="{k},1"/>\n', _END),
    "other numbers of ports": lines(
        _XML, lambda k: f'<processing id="a{k}" type="AudioSink"><NSinks>{1024 - k % 500}</NSinks></processing>\n', _END
    ),
    "unknown types": lines(_XML, lambda k: f'<processing id="a{k}" type="Q{k}"/>\n' + _wire(f"a{k}.o", f"a{k - 1 if k else 0}.i"), _END),
    "an unknown type": lines(_XML + '<processing id="a" type="Q"/>', lambda k: _wire(f"a.o{k}", f"a.i{k}"), _END),
    "wires": lines(_XML_WIDE, lambda k: _wire(f"s.{k % 1024 + 1}", f"o.{k // 1024 + 1}"), _END),
    "wires to nowhere": lines(_XML_WIDE, lambda k: _wire(f"s.x{k}", f"o.y{k}"), _END),
    "wires of nobody": lines(_XML, lambda k: f'<processing id="a{k}" type="Saw"/>\n' + _wire(f"z.{k}", f"a{k}.x"), _END),
    "the same wire": lines(_XML_WIDE, lambda k: _wire("s.1", "o.1"), _END),
    "parameters": lines(_XML + '<processing id="a" type="Q">', lambda k: "<x/>", f"</processing>{_END}"),
    "depth": lambda size: _XML + "<a>" * (size // 3),
    "entities": lambda size: '<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]>' + _XML + "&b;" * (size // 4) + _END,
    "references": lambda size: f"{_XML}<description>{'&#120;' * (size // 6)}</description>{_END}",
    "digits": lambda size: f'{_XML}<processing id="a" type="AudioSink"><NSinks>{"1" * (size - 100)}</NSinks></processing>{_END}',
    "paths": lines(_XML, lambda k: f'<processing id="a{k}" type="LibloSource">{_PATH}</processing>\n', _END),
}  # fmt: skip
"""``.clamnetwork`` files, by what they have much of."""

ALL = {**{f"{name}.py": make for name, make in PYTHON.items()}, **{f"{name}.clamnetwork": make for name, make in XML.items()}}
"""All of them, by a name that ends with their suffix."""
