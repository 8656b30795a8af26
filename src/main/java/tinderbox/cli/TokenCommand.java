package tinderbox.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;
import picocli.CommandLine.ParseResult;
import tinderbox.ExitCode;
import tinderbox.client.ClientException;
import tinderbox.client.Problems;
import tinderbox.common.FileErrors;
import tinderbox.common.TrustedClock;
import tinderbox.config.ConfigException;
import tinderbox.config.Setting;
import tinderbox.security.auth.Role;
import tinderbox.security.auth.Token;
import tinderbox.security.auth.TokenAdmin;
import tinderbox.security.auth.TokenFile;
import tinderbox.security.auth.Tokens;
import tinderbox.store.DataDir;

/** {@code tinderbox token create|list|revoke|open}. */
final class TokenCommand {
    static final String NAME = "token";

    private static final Pattern DAYS = Pattern.compile("([1-9][0-9]{0,4})d");
    private static final String TOKEN_NAME = "--name";
    private static final String ROLE = "--role";
    private static final String EXPIRES = "--expires";
    private static final String SEES = "--sees";

    private TokenCommand() {}

    static CommandSpec spec() {
        CommandSpec token = CommandSpec.create().name(NAME);
        token.usageMessage()
                .description("Create, list and revoke tokens. The first token turns authentication on: from then on,"
                        + " every request needs a token. A running server applies changes within a second.");
        CommandHelp.addTo(token);
        CommandSpec create = CommandSpec.create().name("create");
        create.usageMessage().description("Create a token and print it. It is shown only once.");
        create.addOption(OptionSpec.builder(TOKEN_NAME)
                .type(String.class)
                .paramLabel("NAME")
                .required(true)
                .description("Name of the token, shown as the owner of the jobs that are submitted with it.")
                .build());
        create.addOption(OptionSpec.builder(ROLE)
                .type(String.class)
                .paramLabel("ROLE")
                .required(true)
                .description("viewer: may read; submitter: may also submit jobs, upload datasets, and change its own;"
                        + " admin: may do everything.")
                .build());
        create.addOption(OptionSpec.builder(EXPIRES)
                .type(String.class)
                .paramLabel("DAYS")
                .description("Days until the token expires, such as 30d. Default: it is valid until it is revoked.")
                .build());
        create.addOption(OptionSpec.builder(SEES)
                .type(List.class)
                .auxiliaryTypes(String.class)
                .paramLabel("NAME")
                .description("A viewer's token sees only the jobs and uploads of the token with this name; repeatable."
                        + " Default: those of everybody.")
                .build());
        CommandSpec list = CommandSpec.create().name("list");
        list.usageMessage().description("List all tokens, without their secrets.");
        CommandSpec revoke = CommandSpec.create().name("revoke");
        revoke.usageMessage().description("Revoke a token, and end the browser sessions that were begun with it.");
        revoke.addPositional(PositionalParamSpec.builder()
                .type(String.class)
                .paramLabel("NAME")
                .index("0")
                .required(true)
                .arity("1")
                .description("Name of the token.")
                .build());
        CommandSpec open = CommandSpec.create().name("open");
        open.usageMessage()
                .description("Turn authentication off: everybody on this machine may do everything. Possible only if no"
                        + " token is valid, such as when tokens.json was lost. A server that other machines can reach,"
                        + " or with --private, still needs tokens.");
        for (CommandSpec command : List.of(create, list, revoke, open)) {
            CommandHelp.addTo(command);
            command.addOption(SettingOptions.setting(Setting.DATA_DIR));
            if (command != open) {
                command.addOption(ClientSession.text(
                        ClientSession.SERVER,
                        "URL",
                        "Do it over the API of the server at this address, as the admin whose token is in"
                                + " $TINDERBOX_TOKEN, instead of in a data dir."));
                command.addOption(ClientSession.cacert());
            }
            token.addSubcommand(command.name(), command);
        }
        return token;
    }

    /** Runs the command, and returns the exit code. */
    static int run(ParseResult token) throws ConfigException {
        if (!token.hasSubcommand()) {
            throw new CommandLine.ParameterException(
                    token.commandSpec().commandLine(),
                    "say what to do: token create, token list, token revoke or token open");
        }
        ParseResult command = token.subcommand();
        CommandLine commandLine = command.commandSpec().commandLine();
        if (command.hasMatchedOption(ClientSession.SERVER)) {
            return ofServer(command, new ClientSession(command, System.getenv()));
        }
        return run(
                command, SettingOptions.loader(command).load().dataDir(), commandLine.getOut(), commandLine.getErr());
    }

    private static int ofServer(ParseResult command, ClientSession session) {
        if (command.hasMatchedOption(Setting.DATA_DIR.flag())) {
            throw usageError(command, "give either " + ClientSession.SERVER + " or " + Setting.DATA_DIR.flag());
        }
        try {
            RemoteTokens tokens = new RemoteTokens(session.client(), session.out());
            switch (command.commandSpec().name()) {
                case "create" ->
                    tokens.create(
                            command.matchedOptionValue(TOKEN_NAME, ""),
                            role(command).code(),
                            lifetime(command),
                            sees(command));
                case "list" -> tokens.list();
                default -> tokens.revoke(command.matchedPositionalValue(0, ""));
            }
            session.out().flush();
            return ExitCode.OK;
        } catch (ClientException e) {
            return ClientCommands.report(e, Problems.lines(e), session.err());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return ExitCode.INTERRUPTED;
        }
    }

    private static int run(ParseResult command, Path dataDir, PrintWriter out, PrintWriter err) {
        try {
            DataDir.requireKnownFormat(dataDir);
            TokenAdmin tokens = new TokenAdmin(dataDir, trustedClock(dataDir).forRecords(), trustedClock(dataDir));
            switch (command.commandSpec().name()) {
                case "create" -> create(command, tokens, dataDir, out);
                case "list" -> list(tokens, dataDir, out);
                case "open" -> open(tokens, dataDir, out);
                default -> revoke(command, tokens, out);
            }
            out.flush();
            return ExitCode.OK;
        } catch (TokenAdmin.RefusedException e) {
            err.println("tinderbox: " + e.getMessage());
            return ExitCode.USAGE;
        } catch (TokenFile.BusyException | DataDir.UnavailableException e) {
            err.println("tinderbox: " + e.getMessage());
            return ExitCode.UNAVAILABLE;
        } catch (IOException e) {
            err.println("tinderbox: the tokens of " + dataDir + " cannot be read or written ("
                    + FileErrors.describe(e)
                    + "); name the right data dir with --data-dir, and run this as its owner");
            return ExitCode.UNAVAILABLE;
        }
    }

    private static void open(TokenAdmin tokens, Path dataDir, PrintWriter out)
            throws IOException, TokenAdmin.RefusedException {
        DataDir.create(dataDir);
        tokens.open();
        out.println("Authentication is now off: everybody on this machine may do everything with this data dir's"
                + " server. The audit log records this. To turn it on again, create a token.");
    }

    private static void revoke(ParseResult command, TokenAdmin tokens, PrintWriter out)
            throws IOException, TokenAdmin.RefusedException {
        String name = command.matchedPositionalValue(0, "");
        tokens.revoke(name);
        out.println("Revoked " + name + ".");
    }

    private static void create(ParseResult command, TokenAdmin tokens, Path dataDir, PrintWriter out)
            throws IOException, TokenAdmin.RefusedException {
        Role role = role(command);
        Duration lifetime = lifetime(command);
        DataDir.create(dataDir);
        String name = command.matchedOptionValue(TOKEN_NAME, "");
        boolean open = !new Tokens(dataDir, false, trustedClock(dataDir)).areRequired();
        String secret = tokens.create(name, role, lifetime, sees(command));
        out.println(secret);
        out.println("This is the token " + name + " (" + role.code()
                + "). Copy it now: it is not stored. Use it like this:");
        out.println("  curl -H 'Authorization: Bearer " + secret + "' http://127.0.0.1:8080/api/v1/server");
        if (open) {
            out.println("Authentication is now on: this data dir's server lets nobody in without a token.");
        }
    }

    private static Role role(ParseResult command) {
        String code = command.matchedOptionValue(ROLE, "");
        return Role.ofCode(code)
                .orElseThrow(() -> usageError(command, "--role " + code + " must be viewer, submitter or admin"));
    }

    private static Set<String> sees(ParseResult command) {
        return new TreeSet<>(command.<List<String>>matchedOptionValue(SEES, List.of()));
    }

    private static CommandLine.ParameterException usageError(ParseResult command, String problem) {
        return new CommandLine.ParameterException(command.commandSpec().commandLine(), problem);
    }

    private static Duration lifetime(ParseResult command) {
        String text = command.matchedOptionValue(EXPIRES, null);
        if (text == null) {
            return null;
        }
        Matcher matcher = DAYS.matcher(text);
        if (!matcher.matches()) {
            throw usageError(command, "--expires " + text + " must be a number of days, such as 30d");
        }
        return Duration.ofDays(Long.parseLong(matcher.group(1)));
    }

    /** The clock that decides whether a token has expired. */
    private static TrustedClock trustedClock(Path dataDir) {
        return TrustedClock.of(dataDir, Clock.systemUTC());
    }

    private static void list(TokenAdmin tokens, Path dataDir, PrintWriter out) throws IOException {
        List<Token> all = tokens.list();
        if (all.isEmpty()) {
            out.println(noTokens(new Tokens(dataDir, false, trustedClock(dataDir))));
        }
        Instant now = trustedClock(dataDir).instant();
        for (Token token : all) {
            String validity = token.expiresAt() == null
                    ? "valid until revoked"
                    : (token.isExpired(now) ? "expired " : "valid until ") + token.expiresAt();
            out.println(String.format(
                    "%-24s %-10s created %s, %s%s",
                    token.name(),
                    token.role().code(),
                    token.createdAt(),
                    validity,
                    token.sees().isAll() ? "" : ", sees " + token.sees()));
        }
    }

    private static String noTokens(Tokens tokens) {
        if (tokens.problem().isPresent()) {
            return "There are no tokens: " + tokens.problem().get();
        }
        return tokens.areRequired()
                ? "There are no tokens, because all were revoked: nobody is let in. Create one with `token create`, or"
                        + " turn authentication off with `token open`."
                : "There are no tokens: a server that only this machine can reach lets everybody in.";
    }
}
