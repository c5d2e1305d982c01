"""The first start: what a station needs to be told, a step at a time, in the window itself."""
