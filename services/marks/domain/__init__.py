"""The rules of marks, as pure functions of plain values: no I/O, no clock, no frameworks."""
