//! Binary columns of the timeline.
