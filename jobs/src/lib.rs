//! kazi-jobs
