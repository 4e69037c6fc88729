from harness.matrix_requests import page

REQUESTS = {
    "GET /": page("/"),
    "GET /assets/{version}/{feature}/{file}": page("/assets/any/shared/shared.css"),
    "GET /demo/mail": page("/demo/mail"),
    "GET /demo/mail/{id}/html": page("/demo/mail/any/html"),
    "GET /form-token": page("/form-token"),
}
