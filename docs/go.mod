module example.com/echo/docs

go 1.25.0
