//! kazi-clients
