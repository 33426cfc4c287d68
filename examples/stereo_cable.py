# The smallest network: a stereo input connected to a stereo output.
from ipyclam_core import Network

net = Network("clam")

net.processing1 = net.types.AudioSource
net.processing1.NOutputs = 2
net.processing2 = net.types.AudioSink
net.processing2.NInputs = 2

net.processing1.Output1 > net.processing2.Input1
net.processing1.Output2 > net.processing2.Input2
