package main

import (
	"strings"
	"testing"
)

// TestSummariesWithoutAModel are the default.
func TestSummariesWithoutAModel(t *testing.T) {
	model, err := defaults().model()
	if err != nil || model != nil {
		t.Fatalf("model %v, %v", model, err)
	}
	got, err := summariser(model)(t.Context(), "Spring gathering", "The spring gathering is in Sheffield this year.\n\nWho books rooms for the spring gathering?")
	if want := "The spring gathering is in Sheffield this year. Who books rooms for the spring gathering? (sentences picked from 2 posts)"; err != nil || got != want {
		t.Errorf("got %q, %v", got, err)
	}
	if got, err := summariser(model)(t.Context(), "", ""); got != "" || err != nil {
		t.Errorf("of nothing: %q, %v", got, err)
	}
}

func TestModelSettings(t *testing.T) {
	_, err := loadConfig("", []string{"WORTLEY_LLM_URL=ollama", "WORTLEY_LLM_DAILY=0"})
	if err == nil {
		t.Fatal("accepted")
	}
	for _, want := range []string{"WORTLEY_LLM_URL", "WORTLEY_LLM_MODEL", "WORTLEY_LLM_DAILY"} {
		if !strings.Contains(err.Error(), want) {
			t.Errorf("%s is not in %q", want, err)
		}
	}
}
