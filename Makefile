# make          the release program, build/recoup
# make check    every test, with sanitizers (scripts/check installs what that needs)
# make bench    measurements, side by side in one run
# make fuzz     the fuzzers, one minute each (clang)
# make oracle   a year of ten thousand people, judged twice (tests/oracle)
# make format   clang-format over the tree
# make assets   fetches fonts and htmx for the pages (npm); the next make embeds them
#
# There are no lists of sources: every src/**.c belongs to the program, every src/**_test.c is
# a test program, every tests/*.c a program that tests in other languages talk to, every
# tests/fuzz/*.c a fuzzer. Everything made goes to build/: the release program in build itself,
# MODE=check (sanitizers) in build/check, MODE=fuzz (clang, libFuzzer) in build/fuzz.

ifeq ($(MODE),fuzz)
CC      := clang
endif
CC      ?= cc
CXX     ?= c++
PYTHON  ?= python3
PACKAGES = sqlite3 libpq libmicrohttpd libsodium libcurl jansson yaml-0.1 pangocairo cairo-pdf \
           libutf8proc gmime-3.0 libarchive liboath libqrencode gnutls zlib libbrotlienc
ALL_CFLAGS = -std=c17 -D_GNU_SOURCE -Isrc -I$(OUT)/made -fno-strict-aliasing -MMD -MP \
    -Wall -Wextra -Wpedantic -Wconversion -Wshadow -Wswitch-enum -Wstrict-prototypes \
    -Wmissing-prototypes -Wpointer-arith -Wformat=2 -Wno-sign-conversion -Wno-missing-field-initializers $(NO_TRUNCATION) $(WERROR)
WERROR  ?= -Werror
NO_TRUNCATION := $(if $(findstring clang,$(CC)),,-Wno-format-truncation)
HARDEN   = -fstack-protector-strong -fPIE
RELEASE  = -O2 -g -D_FORTIFY_SOURCE=2 $(HARDEN)
SANITIZE = -O1 -g -fno-omit-frame-pointer -fsanitize=address,undefined \
           -fno-sanitize-recover=all -DRECOUP_TORTURE
PACKAGE_CFLAGS := $(shell pkg-config --cflags $(PACKAGES) 2>/dev/null | sed 's/-I/-isystem /g')
PACKAGE_LIBS   := $(shell pkg-config --libs $(PACKAGES) 2>/dev/null) -lcsv -lm -lpthread

ifeq ($(MODE),check)
OUT    := build/check
CFLAGS := $(SANITIZE)
LDFLAGS := -fsanitize=address,undefined
else ifeq ($(MODE),fuzz)
OUT    := build/fuzz
CFLAGS := $(SANITIZE) -fsanitize=fuzzer-no-link
LDFLAGS := -fsanitize=address,undefined
else
OUT    := build
CFLAGS := $(RELEASE)
LDFLAGS := -pie -Wl,-z,relro,-z,now
endif

SOURCES := $(shell find src -name '*.c' ! -name '*_test.c' ! -name main.c)
TESTS   := $(shell find src -name '*_test.c')
MADE    := $(OUT)/made/queries.c $(OUT)/made/files.c
OBJECTS := $(SOURCES:%.c=$(OUT)/%.o) $(MADE:%.c=%.o)
DATA    := $(shell find sql rules strategies authority roles reviews calls insights letters templates maps rates terms static build/static -type f 2>/dev/null)

.SECONDARY: # objects of small programs are kept
.PHONY: assets all check tests oracle benches fuzzers clang cppcheck bench fuzz format clean
all: $(OUT)/recoup

$(OUT)/recoup: $(OUT)/src/main.o $(OUT)/librecoup.a
	@echo '  link $@'
	@$(CC) $(LDFLAGS) -o $@ $^ $(PACKAGE_LIBS)

# The release program with the places where the check kills it (base/torture.h).
TORTURED := $(patsubst %.c,$(OUT)/torture/%.o,$(shell grep -l torture_point -r src --include=*.c))
$(OUT)/torture/%.o: %.c | $(OUT)/made/queries.h
	@mkdir -p $(@D)
	@$(CC) $(ALL_CFLAGS) $(CFLAGS) -DRECOUP_TORTURE $(PACKAGE_CFLAGS) -c -o $@ $<
$(OUT)/recoup-torture: $(OUT)/src/main.o $(TORTURED) $(OUT)/librecoup.a
	@echo '  link $@'
	@$(CC) $(LDFLAGS) -o $@ $^ $(PACKAGE_LIBS)

$(OUT)/librecoup.a: $(OBJECTS)
	@rm -f $@
	@ar rcs $@ $^

$(OUT)/%.o: %.c | $(OUT)/made/queries.h
	@mkdir -p $(@D)
	@echo '  cc   $<'
	@$(CC) $(ALL_CFLAGS) $(CFLAGS) $(PACKAGE_CFLAGS) -c -o $@ $<

$(OUT)/made/%.o: $(OUT)/made/%.c
	@echo '  cc   $<'
	@$(CC) $(ALL_CFLAGS) $(CFLAGS) $(PACKAGE_CFLAGS) -c -o $@ $<

# Statements and embedded files become C (tools/pack.py says how).
$(OUT)/made/queries.c $(OUT)/made/queries.h &: $(wildcard sql/query/*.sql sql/schema/*.sql) tools/pack.py
	@mkdir -p $(@D)
	$(PYTHON) tools/pack.py queries $(OUT)/made
$(OUT)/made/files.c: $(DATA) tools/pack.py
	@mkdir -p $(@D)
	$(PYTHON) tools/pack.py files $(OUT)/made

TEST_PROGRAMS := $(TESTS:%.c=$(OUT)/%)
PEERS   := $(patsubst %.c,$(OUT)/%,$(filter-out tests/replay.c,$(wildcard tests/*.c)))
FUZZERS := $(patsubst %.c,$(OUT)/%,$(wildcard tests/fuzz/*.c))
tests: $(TEST_PROGRAMS) $(PEERS) $(FUZZERS) $(OUT)/recoup-oracle
fuzzers: $(FUZZERS)
$(TEST_PROGRAMS): %: %.o $(OUT)/librecoup.a
	@echo '  link $@'
	@$(CC) $(LDFLAGS) -o $@ $^ $(PACKAGE_LIBS) -lcmocka

# Measurements; bench/run runs them.
$(OUT)/bench/%: $(OUT)/bench/%.o $(OUT)/librecoup.a
	@echo '  link $@'
	@$(CC) $(LDFLAGS) -o $@ $^ $(PACKAGE_LIBS)

# Small programs that the tests in other languages talk to.
$(OUT)/tests/%: $(OUT)/tests/%.o $(OUT)/librecoup.a
	@echo '  link $@'
	@$(CC) $(LDFLAGS) -o $@ $^ $(PACKAGE_LIBS)

# A second reading of the law, and the people on whom it is tried against the gate.
ORACLE := $(patsubst %.c,$(OUT)/%.o,$(wildcard tests/oracle/*.c))
$(OUT)/recoup-oracle: $(ORACLE) $(OUT)/librecoup.a
	@echo '  link $@'
	@$(CC) $(LDFLAGS) -o $@ $^ $(PACKAGE_LIBS)
oracle: $(OUT)/recoup-oracle
	$(OUT)/recoup-oracle --people 10000 --contacts 1000000

# Fuzzers: with libFuzzer, or with a small main that replays files.
ifeq ($(MODE),fuzz)
$(OUT)/tests/fuzz/%: $(OUT)/tests/fuzz/%.o $(OUT)/librecoup.a
	@echo '  link $@'
	@$(CC) $(LDFLAGS) -fsanitize=fuzzer -o $@ $^ $(PACKAGE_LIBS)
else
$(OUT)/tests/fuzz/%: $(OUT)/tests/fuzz/%.o $(OUT)/tests/replay.o $(OUT)/librecoup.a
	@echo '  link $@'
	@$(CC) $(LDFLAGS) -o $@ $^ $(PACKAGE_LIBS)
endif

# What other readers of the code say: clang by its warnings, cppcheck by what it suspects.
CLANG_FLAGS = $(filter-out -MMD -MP -Wno-format-truncation,$(ALL_CFLAGS)) -fsyntax-only
clang: $(OUT)/made/queries.h
	@printf '%s\n' $(SOURCES) src/main.c $(TESTS) $(wildcard tests/*.c tests/fuzz/*.c tests/oracle/*.c) | \
	    xargs -n 8 clang $(CLANG_FLAGS) $(PACKAGE_CFLAGS)
cppcheck: $(OUT)/made/queries.h
	@cppcheck -q --enable=warning --std=c11 -Isrc -I$(OUT)/made --error-exitcode=1 \
	    --suppressions-list=tools/cppcheck.txt $(SOURCES) src/main.c

check:
	scripts/check

BENCHES := $(patsubst %.c,$(OUT)/%,$(wildcard bench/*.c))
benches: $(BENCHES)
bench: $(OUT)/recoup $(BENCHES)
	bench/run $(BENCH)

fuzz:
	tests/fuzz/run 60

FONTS = @fontsource-variable
assets:
	scripts/deps
	@mkdir -p build/static/fonts
	cp tools/fonts.css build/static/
	for set in latin latin-ext; do \
	    cp node_modules/$(FONTS)/inter/files/inter-$$set-wght-normal.woff2 \
	       node_modules/$(FONTS)/jetbrains-mono/files/jetbrains-mono-$$set-wght-normal.woff2 \
	       build/static/fonts/ || exit 1; done
	cp node_modules/$(FONTS)/inter/LICENSE build/static/fonts/inter.txt
	cp node_modules/$(FONTS)/jetbrains-mono/LICENSE build/static/fonts/jetbrains-mono.txt
	cp node_modules/htmx.org/dist/htmx.min.js build/static/htmx.js
	cp node_modules/htmx.org/LICENSE build/static/htmx.txt

format:
	find src tests bench -name '*.[ch]' | xargs clang-format -i

clean:
	rm -rf build

-include $(shell find $(OUT) -name '*.d' 2>/dev/null)
