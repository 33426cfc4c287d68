# ipyclam network, format 1
from ipyclam_core import Network

net = Network("clam")

net.description = "A three-voice chord with slow vibrato: dry on the left, with tremolo on the right"

net.waver_low = net.types.SimpleOscillator
net.waver_low.Frequency = 0.5
net.low = net.types.Oscillator
net.low.Frequency = 110.0
net.low.Amplitude = 0.5
net.low.ModIndex = 2.2
net.waver_middle = net.types.SimpleOscillator
net.waver_middle.Frequency = 0.6
net.middle = net.types.Oscillator
net.middle.Frequency = 165.0
net.middle.Amplitude = 0.5
net.middle.ModIndex = 2.2
net.waver_high = net.types.SimpleOscillator
net.waver_high.Frequency = 0.75
net.high = net.types.Oscillator
net.high.Frequency = 277.0
net.high.Amplitude = 0.5
net.high.ModIndex = 2.2
net.chord = net.types.AudioMixer
net.chord.NumberOfInPorts = 3
net.breath = net.types.LFO
net.breath.Rate = 3.0
net.breath.Minimum = 0.1
net.tremolo = net.types.Gain
net.out = net.types.AudioSink
net.out.NSinks = 2

net.waver_low["Audio Output"] > net.low["Input Phase Modulation"]
net.low["Audio Output"] > net.chord["Input 0"]
net.waver_middle["Audio Output"] > net.middle["Input Phase Modulation"]
net.middle["Audio Output"] > net.chord["Input 1"]
net.waver_high["Audio Output"] > net.high["Input Phase Modulation"]
net.high["Audio Output"] > net.chord["Input 2"]
net.chord["Output Audio"] > net.tremolo["Audio Input"]
net.chord["Output Audio"] > net.out["1"]
net.breath.Output > net.tremolo.Gain
net.tremolo["Audio Output"] > net.out["2"]
