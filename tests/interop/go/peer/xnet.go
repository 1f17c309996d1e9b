package main

import (
	"errors"
	"fmt"
	"net/http"

	"golang.org/x/net/websocket"
)

type xnet struct{}

type xnetConn struct{ socket *websocket.Conn }

// A message with its kind, which the library's own codecs do not report.
type message struct {
	kind int
	data []byte
}

var codec = websocket.Codec{
	Marshal: func(v interface{}) ([]byte, byte, error) {
		m := v.(message)
		return m.data, byte(m.kind), nil
	},
	Unmarshal: func(data []byte, kind byte, v interface{}) error {
		*v.(*message) = message{int(kind), data}
		return nil
	},
}

func (xnet) dial(url string, compress bool) (conn, error) {
	if compress {
		return nil, errors.New("x/net does not compress")
	}
	socket, err := websocket.Dial(url, "", "http://localhost/")
	if err != nil {
		return nil, err
	}
	return &xnetConn{socket}, nil
}

// A websocket.Server without a handshake function accepts clients that send no Origin, as programs do.
func (xnet) handler(_ bool, talk func(conn)) http.Handler {
	return websocket.Server{Handler: func(socket *websocket.Conn) { talk(&xnetConn{socket}) }}
}

func (c *xnetConn) send(kind int, data []byte) error {
	return codec.Send(c.socket, message{kind, data})
}

func (c *xnetConn) receive() (int, []byte, error) {
	var m message
	err := codec.Receive(c.socket, &m)
	return m.kind, m.data, err
}

// The library answers pings and cannot send any.
func (c *xnetConn) ping() error { return nil }

// The library has no close codes: it closes with 1000 and does not wait for a reply.
func (c *xnetConn) close(int, string) error { return c.socket.Close() }

// The library reports the other endpoint's close only as the end of the data.
func (c *xnetConn) finish() (int, string, error) {
	if _, data, err := c.receive(); err == nil {
		return 0, "", fmt.Errorf("%d bytes more came", len(data))
	}
	return 1000, "", nil
}
