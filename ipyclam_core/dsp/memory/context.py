"""The context: the few dozen words through which Python and the audio thread communicate, and the queue of messages.

Each word is written by one side only. What must be seen in order is published with release and read with acquire.
"""

from __future__ import annotations

from typing import Final

# written by Python, PROGRAM and RECORD by its messages
PROGRAM: Final = 0  # address of the program to run
TAIL: Final = 1  # messages sent so far (release)
MODE: Final = 2  # 1 to sound, 0 to fade out and hold
QUIT: Final = 3  # 1 ends the clock device's thread
RATE: Final = 4  # frames a second
BLOCK: Final = 5  # frames a program's buffers hold
QUEUE: Final = 6  # address of the messages
RECORD: Final = 7  # address of the recording of the sinks, 0 for none: see `RECORD_...`
FADE: Final = 12  # frames of a fade
CLOCK: Final = 13  # address of clock_gettime
SLEEP: Final = 14  # address of clock_nanosleep
BUFFER: Final = 15  # address of jack_port_get_buffer
PERIOD: Final = 16  # nanoseconds from one block to the next
PROFILE: Final = 17  # every how many blocks each op is timed
DEVICE_INPUTS: Final = 18  # channels of a PortAudio stream
DEVICE_OUTPUTS: Final = 19
COMPUTE: Final = 20  # address of the function that computes a block
FRAME_TIME: Final = 21  # address of jack_last_frame_time
CLIENT: Final = 22  # the JACK client
GAIN: Final = 23  # float64: the volume as a factor, by its messages
RAMP: Final = 24  # frames from the volume before to this one, by its messages

# written by the audio thread
HEAD: Final = 25  # messages taken so far (release)
BLOCKS: Final = 26  # blocks run
FRAMES: Final = 27  # frames played
XRUNS: Final = 28  # blocks that came too late
BUSY: Final = 29  # nanoseconds spent computing
LAST: Final = 30  # when the last block began
LEVEL: Final = 31  # float64: the master fade, 0 to 1
BAD: Final = 32  # samples that were NaN or infinity
BAD_SINK: Final = 33  # the sink port where the last of them was, plus one
DONE: Final = 36  # 1 when the clock device's thread has ended (release)
LONGEST: Final = 37  # nanoseconds of the block that took longest
GONE: Final = 38  # 1 when the JACK server has ended (release)
ASKED: Final = 39  # frames the device asked for last
CULPRIT: Final = (
    40  # the first processing with NaN or infinity at its output: 1 + 64 * run + lane, -1 for none (release); Python sets it to 0
)
CULPRIT_PROGRAM: Final = 41  # the number of that program
EXPECTED: Final = 42  # when the server's next cycle should begin, in its frames, plus one; 0 for not known
MISSED: Final = 43  # cycles of the server in which this client was not called
GAIN_NOW: Final = 44  # float64: the factor on its way from `GAIN_FROM` to `GAIN_TO`
GAIN_FROM: Final = 45  # float64
GAIN_TO: Final = 46  # float64
GAIN_OVER: Final = 47  # frames of that way
GAIN_LEFT: Final = 48  # frames of it still to go
LIMITED: Final = 49  # frames for which the limiter turned the output down
LIMITED_BLOCKS: Final = 50
LIMIT_NOW: Final = 51  # float64: the limiter's factor
LIMIT_LEAST: Final = 52  # float64: the smallest it has been

# written by Python, for levels
LIMIT: Final = 53  # 1 to limit the output
RELEASE: Final = 54  # float64: the limiter's factor grows by this factor in a frame, up to 1
METER_HOLD: Final = 55  # frames for which a meter shows a peak
METER_FALL: Final = 56  # float64: the part that a meter falls in a frame
WORDS: Final = 58

# a meter, of a sink's port, by the audio thread
METER_NOW: Final = 0  # float64: the peak as it is shown, held and then falling
METER_PEAK: Final = 1  # float64: the largest
METER_LEFT: Final = 2  # frames for which it is still held
METER_CLIPPED: Final = 3  # samples beyond full scale
METER_WORDS: Final = 4

# a recording has its own words, because an ended one may be written to until the block ends
RECORD_RING: Final = 0  # address of the ring
RECORD_FRAMES: Final = 1  # frames the ring holds
RECORD_CHANNELS: Final = 2
RECORD_LIMIT: Final = 3  # frames to record in all
RECORD_READ: Final = 4  # frames taken out of the ring, by Python (release)
RECORD_WRITTEN: Final = 5  # frames put into the ring, by the audio thread (release)
RECORD_LOST: Final = 6  # frames lost because the ring was full, by the audio thread
RECORD_WORDS: Final = 8

# messages, four words each
QUEUE_LENGTH: Final = 1 << 16
MESSAGE_KIND: Final = 0
MESSAGE_ADDRESS: Final = 1
MESSAGE_VALUE: Final = 2  # the bits of a float64 or int64
MESSAGE_COUNT: Final = 3  # address of the count of arrivals, for a control
MESSAGE_WORDS: Final = 4
STORE_8, STORE_4, STORE_1, CONTROL, COPY, LIST = range(6)
# COPY: from the address in MESSAGE_VALUE to MESSAGE_ADDRESS, MESSAGE_COUNT bytes
# LIST: MESSAGE_VALUE messages, stored at MESSAGE_ADDRESS

# the head of a program
HEAD_OPS: Final = 0  # address of the ops
HEAD_COUNT: Final = 1  # number of ops
HEAD_SOURCES: Final = 2  # address of the source table: (device channel, address of the port's buffer)
HEAD_SOURCE_COUNT: Final = 3
HEAD_LINKS: Final = 4  # address of the links from sink ports to channels
HEAD_LINK_COUNT: Final = 5
HEAD_INPUTS: Final = 6  # address of the device's in channels (JACK: port handles)
HEAD_INPUT_COUNT: Final = 7
HEAD_OUTPUTS: Final = 8  # address of the device's out channels
HEAD_OUTPUT_COUNT: Final = 9
HEAD_BLOCK: Final = 10  # frames that its buffers hold
HEAD_MIXES: Final = 11  # address of the channels as they are mixed, `HEAD_BLOCK` frames each
HEAD_CHANNELS: Final = 12  # number of them
HEAD_RUNS: Final = 13  # address of the runs, in order: see `RUN_...`
HEAD_RUN_COUNT: Final = 14
HEAD_RUN_INPUTS: Final = 15  # address of the runs' in ports: (address, stride) each
HEAD_RUN_OUTPUTS: Final = 16
HEAD_NUMBER: Final = 17  # the program's own number; addresses are used again, numbers are not
HEAD_METERS: Final = 18  # addresses of the channels' meters, 0 for none
HEAD_WORDS: Final = 20

# a link: address of the source, stride, channel, address of a fade (0 for none), 1 for the first of its channel
LINK_WORDS: Final = 5

# a run, for finding the source of NaN: its first in port and their number, its first out port and their number, its lanes
RUN_WORDS: Final = 5
