package main

import (
	"errors"
	"net/http"
	"time"

	"github.com/gorilla/websocket"
)

// A small buffer: larger messages are sent in fragments.
const buffer = 4096

type gorilla struct{}

type gorillaConn struct {
	socket   *websocket.Conn
	compress bool
	ponged   bool
}

func (gorilla) dial(url string, compress bool) (conn, error) {
	dialer := websocket.Dialer{EnableCompression: compress, WriteBufferSize: buffer}
	socket, answer, err := dialer.Dial(url, nil)
	if err != nil {
		return nil, err
	}
	if got := answer.Header.Get("Sec-WebSocket-Extensions"); compress != (got != "") {
		return nil, errors.New("the extensions are \"" + got + "\"")
	}
	return &gorillaConn{socket: socket, compress: compress}, nil
}

func (gorilla) handler(compress bool, talk func(conn)) http.Handler {
	upgrader := websocket.Upgrader{EnableCompression: compress, WriteBufferSize: buffer}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		socket, err := upgrader.Upgrade(w, r, nil)
		if err == nil {
			talk(&gorillaConn{socket: socket, compress: compress})
		}
	})
}

func (c *gorillaConn) send(kind int, data []byte) error {
	w, err := c.socket.NextWriter(kind)
	if err != nil {
		return err
	}
	// Two writes, so that buffered data has a boundary within the message.
	half := len(data) / 2
	for _, piece := range [][]byte{data[:half], data[half:]} {
		if _, err := w.Write(piece); err != nil {
			return err
		}
	}
	return w.Close()
}

func (c *gorillaConn) receive() (int, []byte, error) { return c.socket.ReadMessage() }

func (c *gorillaConn) ping() error {
	got := ""
	c.socket.SetPongHandler(func(payload string) error { got = payload; return nil })
	if err := c.socket.WriteControl(websocket.PingMessage, []byte("are you there"), time.Now().Add(10*time.Second)); err != nil {
		return err
	}
	// The pong must arrive before the echo of the message that follows the ping.
	if err := echo(c, text, []byte("behind the ping")); err != nil {
		return err
	}
	if got != "are you there" {
		return errors.New("there was no pong")
	}
	return nil
}

func (c *gorillaConn) close(code int, reason string) error {
	return c.socket.WriteControl(websocket.CloseMessage, websocket.FormatCloseMessage(code, reason), time.Now().Add(10*time.Second))
}

func (c *gorillaConn) finish() (int, string, error) {
	_, _, err := c.socket.ReadMessage()
	var closed *websocket.CloseError
	if !errors.As(err, &closed) {
		return 0, "", errors.New("there was no close frame")
	}
	return closed.Code, closed.Text, c.socket.Close()
}
