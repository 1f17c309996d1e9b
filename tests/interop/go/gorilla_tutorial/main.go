// A typical first program with gorilla/websocket: "gorilla_tutorial serve [CERT KEY]" is an echo server,
// "gorilla_tutorial dial URL" talks to one and closes cleanly.
package main

import (
	"fmt"
	"log"
	"net"
	"net/http"
	"os"
	"time"

	"github.com/gorilla/websocket"
)

var upgrader = websocket.Upgrader{} // default options

func echo(w http.ResponseWriter, r *http.Request) {
	c, err := upgrader.Upgrade(w, r, nil)
	if err != nil {
		log.Print("upgrade:", err)
		return
	}
	defer c.Close()
	for {
		mt, message, err := c.ReadMessage()
		if err != nil {
			break
		}
		if err := c.WriteMessage(mt, message); err != nil {
			break
		}
	}
}

func main() {
	if os.Args[1] == "serve" {
		http.HandleFunc("/echo", echo)
		listener, err := net.Listen("tcp", "127.0.0.1:0")
		if err != nil {
			log.Fatal(err)
		}
		fmt.Println(listener.Addr().(*net.TCPAddr).Port)
		if len(os.Args) > 3 {
			log.Fatal(http.ServeTLS(listener, nil, os.Args[2], os.Args[3]))
		}
		log.Fatal(http.Serve(listener, nil))
	}
	c, _, err := websocket.DefaultDialer.Dial(os.Args[2], nil)
	if err != nil {
		log.Fatal("dial:", err)
	}
	defer c.Close()
	done := make(chan struct{})
	go func() {
		defer close(done)
		for {
			_, message, err := c.ReadMessage()
			if err != nil {
				fmt.Println("read:", err)
				return
			}
			fmt.Printf("recv: %s\n", message)
		}
	}()
	for i := 0; i < 3; i++ {
		if err := c.WriteMessage(websocket.TextMessage, []byte(fmt.Sprint("message ", i))); err != nil {
			log.Fatal("write:", err)
		}
	}
	// Cleanly close the connection by sending a close message and then waiting for the server to close it.
	err = c.WriteMessage(websocket.CloseMessage, websocket.FormatCloseMessage(websocket.CloseNormalClosure, ""))
	if err != nil {
		log.Fatal("write close:", err)
	}
	select {
	case <-done:
	case <-time.After(10 * time.Second):
		log.Fatal("the server does not close")
	}
}
