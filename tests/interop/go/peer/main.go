// A peer written with golang.org/x/net/websocket or gorilla/websocket. It has messages of many sizes echoed by the other
// endpoint:
//
//	peer xnet|gorilla client URL [compress] [close CODE REASON]
//	peer xnet|gorilla server [compress] [close CODE REASON | ask CODE REASON]
//
// A server prints its port and accepts one connection. At the end the peer closes, with a code if the library supports it,
// or asks the other endpoint to close. It prints the received code and reason, and fails if anything came back changed.
package main

import (
	"bytes"
	"errors"
	"fmt"
	"net"
	"net/http"
	"os"
	"strconv"
	"strings"
)

const (
	text   = 1
	binary = 2
)

type conn interface {
	send(kind int, data []byte) error
	receive() (kind int, data []byte, err error)
	// ping returns when its pong has arrived.
	ping() error
	// close sends a close frame. finish waits for the other endpoint's close frame and returns its content.
	close(code int, reason string) error
	finish() (code int, reason string, err error)
}

type library interface {
	dial(url string, compress bool) (conn, error)
	handler(compress bool, talk func(conn)) http.Handler
}

var libraries = map[string]library{"xnet": xnet{}, "gorilla": gorilla{}}

func main() {
	if err := run(os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func run(words []string) error {
	lib, role, words := libraries[words[0]], words[1], words[2:]
	url := ""
	if role == "client" {
		url, words = words[0], words[1:]
	}
	compress := len(words) > 0 && words[0] == "compress"
	if compress {
		words = words[1:]
	}
	if role == "client" {
		c, err := lib.dial(url, compress)
		if err != nil {
			return err
		}
		return converse(c, words)
	}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return err
	}
	fmt.Println(listener.Addr().(*net.TCPAddr).Port)
	ended := make(chan error)
	go http.Serve(listener, lib.handler(compress, func(c conn) { ended <- converse(c, words) }))
	return <-ended
}

func converse(c conn, ending []string) error {
	for _, size := range []int{0, 1, 125, 126, 65535, 65536, 100000, 1 << 20, 16 << 20} {
		if err := echo(c, text, prose(size)); err != nil {
			return err
		}
		if err := echo(c, binary, noise(size)); err != nil {
			return err
		}
	}
	if err := c.ping(); err != nil {
		return err
	}
	code, reason := 1000, ""
	if len(ending) > 0 {
		code, _ = strconv.Atoi(ending[1])
		reason = ending[2]
	}
	var err error
	if len(ending) > 0 && ending[0] == "ask" {
		err = c.send(text, []byte(fmt.Sprintf("please close %d %s", code, reason)))
	} else {
		err = c.close(code, reason)
	}
	if err != nil {
		return err
	}
	code, reason, err = c.finish()
	if err != nil {
		return err
	}
	fmt.Println(code, reason)
	return nil
}

func echo(c conn, kind int, data []byte) error {
	if err := c.send(kind, data); err != nil {
		return err
	}
	gotKind, got, err := c.receive()
	if err != nil {
		return fmt.Errorf("%d bytes: %w", len(data), err)
	}
	if gotKind != kind || !bytes.Equal(got, data) {
		return errors.New("another message came back for one of " + strconv.Itoa(len(data)) + " bytes")
	}
	return nil
}

func prose(size int) []byte {
	return []byte(strings.Repeat("Gruesse, reading 45.5, ", size/23+1)[:size])
}

func noise(size int) []byte {
	data := make([]byte, size)
	next := uint32(1)
	for i := range data {
		next = next*1664525 + 1013904223
		data[i] = byte(next >> 24)
	}
	return data
}
