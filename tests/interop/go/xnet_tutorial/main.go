// A typical first program with golang.org/x/net/websocket: "xnet_tutorial serve [CERT KEY]" is an echo server that also
// greets, "xnet_tutorial dial URL ORIGIN" says hello to one.
package main

import (
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"os"

	"golang.org/x/net/websocket"
)

func EchoServer(ws *websocket.Conn) {
	io.Copy(ws, ws)
}

func Greet(ws *websocket.Conn) {
	websocket.Message.Send(ws, "hello")
	var back string
	websocket.Message.Receive(ws, &back)
}

func main() {
	if os.Args[1] == "serve" {
		http.Handle("/echo", websocket.Handler(EchoServer))
		http.Handle("/greet", websocket.Handler(Greet))
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
	url := os.Args[2]
	origin := os.Args[3]
	ws, err := websocket.Dial(url, "", origin)
	if err != nil {
		log.Fatal(err)
	}
	if _, err := ws.Write([]byte("hello, world!\n")); err != nil {
		log.Fatal(err)
	}
	var msg = make([]byte, 512)
	n, err := ws.Read(msg)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Printf("Received: %s", msg[:n])
	type person struct{ Name string }
	if err := websocket.JSON.Send(ws, person{"Jan"}); err != nil {
		log.Fatal(err)
	}
	var back person
	if err := websocket.JSON.Receive(ws, &back); err != nil {
		log.Fatal(err)
	}
	fmt.Println("Received:", back.Name)
	ws.Close()
}
