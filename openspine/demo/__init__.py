"""The demo studio: six emulated machines, twelve patients with twelve weeks behind them, one command."""
