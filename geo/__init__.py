"""Pure geometry: frames and shapes in, frames and numbers out; knows no city, no yen, no screen."""
