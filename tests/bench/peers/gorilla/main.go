// A gorilla/websocket server: /echo, and /broadcast, which forwards each message to all other clients. Prints its port.
// With the files of a certificate and its key it uses TLS.
package main

import (
	"fmt"
	"net"
	"net/http"
	"os"
	"sync"

	"github.com/gorilla/websocket"
)

var upgrader = websocket.Upgrader{}

func echo(w http.ResponseWriter, r *http.Request) {
	socket, err := upgrader.Upgrade(w, r, nil)
	if err != nil {
		return
	}
	defer socket.Close()
	for {
		kind, data, err := socket.ReadMessage()
		if err != nil || socket.WriteMessage(kind, data) != nil {
			return
		}
	}
}

var (
	lock    sync.Mutex
	clients = map[*websocket.Conn]bool{}
)

func broadcast(w http.ResponseWriter, r *http.Request) {
	// The lock is held during the handshake, so a client is registered before anybody can broadcast.
	lock.Lock()
	socket, err := upgrader.Upgrade(w, r, nil)
	if err == nil {
		clients[socket] = true
	}
	lock.Unlock()
	if err != nil {
		return
	}
	defer func() {
		lock.Lock()
		delete(clients, socket)
		lock.Unlock()
		socket.Close()
	}()
	for {
		kind, data, err := socket.ReadMessage()
		if err != nil {
			return
		}
		message, err := websocket.NewPreparedMessage(kind, data)
		if err != nil {
			return
		}
		lock.Lock()
		for other := range clients {
			if other != socket {
				other.WritePreparedMessage(message)
			}
		}
		lock.Unlock()
	}
}

func main() {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	http.HandleFunc("/echo", echo)
	http.HandleFunc("/broadcast", broadcast)
	fmt.Println(listener.Addr().(*net.TCPAddr).Port)
	if len(os.Args) == 3 {
		http.ServeTLS(listener, nil, os.Args[1], os.Args[2])
		return
	}
	http.Serve(listener, nil)
}
