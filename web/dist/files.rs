const FILES: [(&str, &[u8]); 1] = [("index.html", b"<!doctype html><script src=\"/app/assets/a.js\"></script>")];
