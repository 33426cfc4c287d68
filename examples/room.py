# ipyclam network, format 1
from ipyclam_core import Network

net = Network("clam")

net.description = "Short notes in a hall: a convolution reverb with its built-in room"

net.beat = net.types.LFO
net.beat.Shape = "Square"
net.beat.Rate = 1.5
net.beat.Minimum = 0.0
net.melody = net.types.LFO
net.melody.Shape = "Random"
net.melody.Rate = 1.5
net.melody.Minimum = 200.0
net.melody.Maximum = 600.0
net.voice = net.types.Triangle
net.voice.Amplitude = 0.5
net.note = net.types.Gain
net.room = net.types.ConvolutionReverb
net.room.Decay = 3.0
net.room.InitialMix = 0.4
net.out = net.types.AudioSink
net.out.NSinks = 2

net.beat.Output > net.note.Gain
net.melody.Output > net.voice.Pitch
net.voice["Audio Output"] > net.note["Audio Input"]
net.note["Audio Output"] > net.room["Audio Input"]
net.room.Left > net.out["1"]
net.room.Right > net.out["2"]
