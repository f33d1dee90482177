module example.com/echo/04-epoll

go 1.25.0

require (
	example.com/echo/01-blocking v0.0.0
	example.com/echo/02-select v0.0.0
	golang.org/x/sys v0.47.0
)

require github.com/google/go-cmp v0.7.0

replace (
	example.com/echo/01-blocking => ../01-blocking
	example.com/echo/02-select => ../02-select
)
