package discourse

import (
	"encoding/json"
	"errors"
	"fmt"
)

// decode reads JSON leniently: a field of an unexpected kind is left empty, as
// plugins and versions differ. A body that is not JSON, ends too early or has
// a time that is none is an error. What is needed is checked by the target's own ok.
func decode(body []byte, into any) error {
	if err := lenient(json.Unmarshal(body, into)); err != nil {
		return fmt.Errorf("decode: %w", err)
	}
	if k, is := into.(interface{ ok() bool }); is && !k.ok() {
		return errors.New("what is needed is missing in the answer")
	}
	return nil
}

// lenient forgives a field of the wrong kind: decoding has gone on after it.
// After any other error it has stopped, and what came later would be missing.
func lenient(err error) error {
	var kind *json.UnmarshalTypeError
	if errors.As(err, &kind) {
		return nil
	}
	return err
}
