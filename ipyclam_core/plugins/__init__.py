"""The plugins installed on this machine, described for any engine that can host them: one module a kind of plugin."""
