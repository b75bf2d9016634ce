//! kazi-platform
