package llm

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"strings"
	"time"

	openai "github.com/sashabaranov/go-openai"
	"github.com/sashabaranov/go-openai/jsonschema"
)

const (
	tries    = 3         // of one question
	mostRead = 256 << 10 // of an answer, in bytes
	mostSaid = 600       // tokens the model may answer with
)

// ask puts one question and returns the model's answer, JSON that fits the
// schema into v. It tries again where that may help.
func (c *Client) ask(ctx context.Context, name, system, user string, v any) error {
	ctx, cancel := context.WithTimeout(ctx, c.Timeout)
	defer cancel()
	schema, err := jsonschema.GenerateSchemaForType(v)
	if err != nil {
		return fmt.Errorf("llm: schema: %w", err)
	}
	req := openai.ChatCompletionRequest{Model: c.Model,
		//lint:ignore SA1019 local servers know no other limit
		MaxTokens: mostSaid,
		Messages:  []openai.ChatCompletionMessage{{Role: openai.ChatMessageRoleSystem, Content: system}, {Role: openai.ChatMessageRoleUser, Content: user}},
		ResponseFormat: &openai.ChatCompletionResponseFormat{Type: openai.ChatCompletionResponseFormatTypeJSONSchema,
			JSONSchema: &openai.ChatCompletionResponseFormatJSONSchema{Name: name, Schema: schema, Strict: true}}}
	var said string
	for try := 1; ; try++ {
		said, err = c.once(ctx, req)
		if err == nil {
			break
		}
		if wait, again := c.again(ctx, err, try); !again {
			return err
		} else if status(err) == http.StatusBadRequest {
			req.ResponseFormat = nil // a server that knows no schemas: the words ask for JSON too
		} else if c.Sleep(ctx, wait) != nil {
			return err
		}
	}
	// Servers say that they keep to a schema and do not: it is checked here.
	if err := jsonschema.VerifySchemaAndUnmarshal(*schema, []byte(said), v); err != nil {
		return fmt.Errorf("llm: %w: not of the form that was asked for", ErrUnusable)
	}
	return nil
}

// once asks once.
func (c *Client) once(ctx context.Context, req openai.ChatCompletionRequest) (string, error) {
	if err := c.spend(); err != nil {
		return "", fmt.Errorf("llm: %w", err)
	}
	var after retryAfter
	resp, err := c.api.CreateChatCompletion(context.WithValue(ctx, afterKey{}, &after), req)
	switch {
	case err != nil:
		return "", &failure{status: statusOf(err), after: after.wait, cut: ctx.Err() != nil, moved: errors.Is(err, errMoved)}
	case len(resp.Choices) == 0:
		return "", fmt.Errorf("llm: %w: an answer without words", ErrUnusable)
	}
	choice := resp.Choices[0]
	if choice.FinishReason != openai.FinishReasonStop && choice.FinishReason != "" {
		return "", fmt.Errorf("llm: %w: it broke off (%.20q)", ErrUnusable, string(choice.FinishReason))
	}
	return bare(choice.Message.Content), nil
}

// bare takes JSON out of the fence that some models put around it.
func bare(s string) string {
	s = strings.TrimSpace(s)
	if rest, ok := strings.CutPrefix(s, "```"); ok {
		rest = strings.TrimPrefix(rest, "json")
		s = strings.TrimSpace(strings.TrimSuffix(strings.TrimSpace(rest), "```"))
	}
	return s
}

// A failure is a try without an answer. Its text holds nothing that a server
// said: that may be anything, and may repeat the key.
type failure struct {
	status int           // of HTTP, 0 if there was none
	after  time.Duration // what the server asked to wait, 0 if nothing
	cut    bool          // the time was up
	moved  bool          // it points elsewhere
}

func (f *failure) Error() string {
	switch {
	case f.moved:
		return "llm: " + ErrUnavailable.Error() + ": " + errMoved.Error()
	case f.cut:
		return "llm: " + ErrUnavailable.Error() + ": no answer in time"
	case f.status != 0:
		return fmt.Sprintf("llm: %s: it answers %d %s", ErrUnavailable, f.status, http.StatusText(f.status))
	}
	return "llm: " + ErrUnavailable.Error() + ": no connection"
}

// Unwrap makes it an [ErrUnavailable].
func (f *failure) Unwrap() error { return ErrUnavailable }

func statusOf(err error) int {
	var api *openai.APIError
	var req *openai.RequestError
	switch {
	case errors.As(err, &api):
		return api.HTTPStatusCode
	case errors.As(err, &req):
		return req.HTTPStatusCode
	}
	return 0
}

func status(err error) int {
	var f *failure
	if errors.As(err, &f) {
		return f.status
	}
	return 0
}

// again reports whether another try may help, and after what time.
func (c *Client) again(ctx context.Context, err error, try int) (wait time.Duration, ok bool) {
	var f *failure
	if !errors.As(err, &f) || f.cut || f.moved || try >= tries {
		return 0, false
	}
	if f.status == http.StatusBadRequest {
		return 0, try == 1
	}
	if f.status != 0 && f.status != http.StatusTooManyRequests && f.status != http.StatusRequestTimeout && f.status < 500 {
		return 0, false
	}
	wait = time.Second << (try - 1)
	if f.after > 0 {
		wait = f.after
	}
	deadline, _ := ctx.Deadline()
	return wait, time.Until(deadline) > wait
}

type afterKey struct{}

// retryAfter catches what go-openai does not pass on.
type retryAfter struct{ wait time.Duration }

// guarded is a client that follows no redirects, which could take the key
// elsewhere, reads no more than is sensible, and notes Retry-After.
func guarded(c *http.Client) *http.Client {
	own := http.Client{}
	if c != nil {
		own = *c
	}
	own.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	next := own.Transport
	if next == nil {
		next = http.DefaultTransport
	}
	own.Transport = limited{next}
	return &own
}

var errMoved = errors.New("its address leads elsewhere")

type limited struct{ next http.RoundTripper }

// RoundTrip implements [http.RoundTripper].
func (l limited) RoundTrip(req *http.Request) (*http.Response, error) {
	resp, err := l.next.RoundTrip(req)
	if err != nil {
		return nil, err
	}
	if resp.StatusCode >= 300 && resp.StatusCode < 400 {
		resp.Body.Close()
		return nil, errMoved
	}
	if after, ok := req.Context().Value(afterKey{}).(*retryAfter); ok {
		h := resp.Header.Get("Retry-After")
		if s, err := strconv.ParseFloat(h, 64); err == nil && s > 0 && s < 3600 {
			after.wait = time.Duration(s * float64(time.Second))
		} else if at, err := http.ParseTime(h); err == nil {
			after.wait = max(time.Until(at), 0)
		}
	}
	resp.Body = struct {
		io.Reader
		io.Closer
	}{io.LimitReader(resp.Body, mostRead), resp.Body}
	return resp, nil
}
