module example.com/echo/02-select

go 1.25.0

require (
	example.com/echo/01-blocking v0.0.0
	golang.org/x/sys v0.47.0
)

replace example.com/echo/01-blocking => ../01-blocking
