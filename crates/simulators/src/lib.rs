//! kazi-simulators
