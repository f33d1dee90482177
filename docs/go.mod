module example.com/echo/docs

go 1.25.0

require (
	example.com/echo/01-blocking v0.0.0
	github.com/google/go-cmp v0.7.0
	github.com/yuin/goldmark v1.8.7
	golang.org/x/mod v0.40.0
	golang.org/x/net v0.58.0
	golang.org/x/sys v0.47.0
)

replace example.com/echo/01-blocking => ../01-blocking
