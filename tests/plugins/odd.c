/* A plugin whose behaviour is asked for by macros when it is compiled, and which notes what its host does with it. */

#include <ladspa.h>
#include <math.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#ifndef NUMBER
#define NUMBER 7
#endif

int live = 0;          /* instances that have not been removed */
int mistakes = 0;      /* calls out of order */
int runs = 0;
unsigned long longest = 0;

typedef struct {
    LADSPA_Data *ports[6];
    int active;
} Odd;

/* What only one thread may do at a time takes a moment, in which another one would be noticed. */
static void alone(void)
{
    static volatile int inside = 0;
    mistakes += __sync_add_and_fetch(&inside, 1) > 1;
    usleep(2000);
    __sync_sub_and_fetch(&inside, 1);
}

static LADSPA_Handle instantiate(const LADSPA_Descriptor *descriptor, unsigned long rate)
{
#ifdef REFUSES
    return NULL;
#else
    alone();
    live++;
    return calloc(1, sizeof(Odd));
#endif
}

static void connect_port(LADSPA_Handle handle, unsigned long port, LADSPA_Data *data)
{
    ((Odd *) handle)->ports[port] = data;
}

static void activate(LADSPA_Handle handle)
{
    mistakes += ((Odd *) handle)->active;
    ((Odd *) handle)->active = 1;
}

/* Doubles its input, but clears the output before it reads: in place it would be silent. Its out control tells the in controls. */
static void run(LADSPA_Handle handle, unsigned long frames)
{
    Odd *odd = handle;
    mistakes += !odd->active || odd->ports[0] == odd->ports[1];
    runs++;
    if (frames > longest) longest = frames;
    memset(odd->ports[1], 0, frames * sizeof(LADSPA_Data));
    for (unsigned long i = 0; i < frames; i++)
        odd->ports[1][i] = *odd->ports[2] > 0.5f ? NAN : 2.0f * odd->ports[0][i];
    *odd->ports[5] = *odd->ports[3] + *odd->ports[4];
}

static void deactivate(LADSPA_Handle handle)
{
    mistakes += !((Odd *) handle)->active;
    ((Odd *) handle)->active = 0;
}

static void cleanup(LADSPA_Handle handle)
{
    mistakes += ((Odd *) handle)->active;
    alone();
    live--;
    free(handle);
}

static const LADSPA_PortDescriptor kinds[] = {
    LADSPA_PORT_INPUT | LADSPA_PORT_AUDIO, LADSPA_PORT_OUTPUT | LADSPA_PORT_AUDIO,
    LADSPA_PORT_INPUT | LADSPA_PORT_CONTROL, LADSPA_PORT_INPUT | LADSPA_PORT_CONTROL, LADSPA_PORT_INPUT | LADSPA_PORT_CONTROL,
    LADSPA_PORT_OUTPUT | LADSPA_PORT_CONTROL,
};
static const char *const names[] = {"Same", "Same", "Bad", "Count", "Freq [Hz]", "Same"};
static const LADSPA_PortRangeHint hints[] = {
    {0}, {0},
    {LADSPA_HINT_TOGGLED | LADSPA_HINT_DEFAULT_0},
    {LADSPA_HINT_INTEGER | LADSPA_HINT_BOUNDED_BELOW | LADSPA_HINT_BOUNDED_ABOVE | LADSPA_HINT_DEFAULT_MAXIMUM, -0.1f, 3.1f},
    {LADSPA_HINT_SAMPLE_RATE | LADSPA_HINT_LOGARITHMIC | LADSPA_HINT_BOUNDED_BELOW | LADSPA_HINT_BOUNDED_ABOVE
        | LADSPA_HINT_DEFAULT_MIDDLE, 0.001f, 0.1f},
    {0},
};
static const LADSPA_Descriptor descriptor = {
    .UniqueID = NUMBER, .Label = "odd", .Properties = LADSPA_PROPERTY_INPLACE_BROKEN, .Name = "Odd One", .Maker = "J\xf6rg",
    .Copyright = "None", .PortCount = 6, .PortDescriptors = kinds, .PortNames = names, .PortRangeHints = hints,
    .instantiate = instantiate, .connect_port = connect_port, .activate = activate, .run = run, .deactivate = deactivate,
    .cleanup = cleanup,
};

const LADSPA_Descriptor *ladspa_descriptor(unsigned long index)
{
#ifdef CRASHES
    raise(SIGSEGV);
#endif
#ifdef HANGS
    for (;;) pause();
#endif
    write(1, "[[[", 3); /* as libraries do that say something on the terminal */
    return index ? NULL : &descriptor;
}
