// Measures encoding/json and encoding/xml on the documents that the program "codecs" wrote. The output has the same format:
//
//	codecs_go FOLDER SECONDS
package main

import (
	"encoding/json"
	"encoding/xml"
	"fmt"
	"os"
	"path/filepath"
	"sort"
	"strconv"
	"syscall"
)

type address struct {
	Street string  `json:"street" xml:"street"`
	City   string  `json:"city" xml:"city"`
	Zip    *string `json:"zip" xml:"zip"`
}

type item struct {
	ID    int64    `json:"id" xml:"id"`
	Title string   `json:"title" xml:"title"`
	Price float64  `json:"price" xml:"price"`
	Sold  bool     `json:"sold" xml:"sold"`
	Tags  []string `json:"tags" xml:"tags"`
	From  address  `json:"from" xml:"from"`
}

type order struct {
	XMLName xml.Name `json:"-" xml:"order"`
	ID      int64    `json:"id" xml:"id"`
	Items   []item   `json:"items" xml:"items"`
}

func cpuSeconds() float64 {
	var used syscall.Rusage
	syscall.Getrusage(syscall.RUSAGE_SELF, &used)
	return float64(used.Utime.Sec+used.Stime.Sec) + float64(used.Utime.Usec+used.Stime.Usec)*1e-6
}

func check(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, "codecs_go:", err)
		os.Exit(1)
	}
}

func measure(items int, codec string, bytes int, seconds float64, once func() error) {
	const rounds = 5
	var speeds []float64
	for round := 0; round < rounds; round++ {
		started, used, times := cpuSeconds(), 0.0, 0
		for used < seconds/rounds {
			check(once())
			times++
			used = cpuSeconds() - started
		}
		speeds = append(speeds, float64(bytes*times)/used/1e6)
	}
	sort.Float64s(speeds)
	line, err := json.Marshal(map[string]interface{}{
		"items": items, "codec": codec, "library": "Go", "bytes": bytes, "speed": speeds[rounds/2]})
	check(err)
	fmt.Println(string(line))
}

func main() {
	folder := os.Args[1]
	seconds, err := strconv.ParseFloat(os.Args[2], 64)
	check(err)
	for _, items := range []int{1, 40, 2000} {
		for _, codec := range []struct {
			name   string
			decode func([]byte, interface{}) error
			encode func(interface{}) ([]byte, error)
		}{{"json", json.Unmarshal, json.Marshal}, {"xml", xml.Unmarshal, xml.Marshal}} {
			text, err := os.ReadFile(filepath.Join(folder, strconv.Itoa(items)+"."+codec.name))
			check(err)
			var document order
			check(codec.decode(text, &document))
			if len(document.Items) != items {
				check(fmt.Errorf("%d items were read of %d", len(document.Items), items))
			}
			measure(items, codec.name+" decode", len(text), seconds, func() error {
				var document order
				return codec.decode(text, &document)
			})
			out, err := codec.encode(&document)
			check(err)
			measure(items, codec.name+" encode", len(out), seconds, func() error {
				_, err := codec.encode(&document)
				return err
			})
		}
	}
}
