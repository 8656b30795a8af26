package tinderbox.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;
import picocli.CommandLine.ParseResult;
import tinderbox.ExitCode;
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

    private TokenCommand() {}

    static CommandSpec spec() {
        CommandSpec token = CommandSpec.create().name(NAME);
        token.usageMessage()
                .description("Make, list and revoke the tokens that callers need once there is one, or open the server"
                        + " to everybody on this machine. A server that runs on the data dir follows within a second.");
        token.mixinStandardHelpOptions(true);
        CommandSpec create = CommandSpec.create().name("create");
        create.usageMessage().description("Make a token, and print it this once.");
        create.addOption(OptionSpec.builder(TOKEN_NAME)
                .type(String.class)
                .paramLabel("NAME")
                .required(true)
                .description("What stands beside the jobs that are sent with it.")
                .build());
        create.addOption(OptionSpec.builder(ROLE)
                .type(String.class)
                .paramLabel("ROLE")
                .required(true)
                .description("viewer reads; submitter also sends jobs and datasets and has its way with its own;"
                        + " admin may do everything.")
                .build());
        create.addOption(OptionSpec.builder(EXPIRES)
                .type(String.class)
                .paramLabel("DAYS")
                .description("How long it lasts, such as 30d; without it, until it is revoked.")
                .build());
        CommandSpec list = CommandSpec.create().name("list");
        list.usageMessage().description("List all tokens; their secrets are known to nobody.");
        CommandSpec revoke = CommandSpec.create().name("revoke");
        revoke.usageMessage().description("Revoke a token, and end the sessions that were begun with it.");
        revoke.addPositional(PositionalParamSpec.builder()
                .type(String.class)
                .paramLabel("NAME")
                .index("0")
                .required(true)
                .arity("1")
                .description("The token's name.")
                .build());
        CommandSpec open = CommandSpec.create().name("open");
        open.usageMessage()
                .description("Let everybody on this machine in as an admin, without a token: when all tokens are"
                        + " revoked, or tokens.json is lost. A server that other machines can reach stays closed.");
        for (CommandSpec command : List.of(create, list, revoke, open)) {
            command.mixinStandardHelpOptions(true);
            command.addOption(SettingOptions.setting(Setting.DATA_DIR));
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
        ParseResult asked = token.subcommand();
        CommandLine commandLine = asked.commandSpec().commandLine();
        return run(asked, SettingOptions.loader(asked).load().dataDir(), commandLine.getOut(), commandLine.getErr());
    }

    private static int run(ParseResult parsed, Path dataDir, PrintWriter out, PrintWriter err) {
        TokenAdmin tokens = new TokenAdmin(dataDir, trusted(dataDir).forRecords(), trusted(dataDir));
        try {
            switch (parsed.commandSpec().name()) {
                case "create" -> create(parsed, tokens, dataDir, out);
                case "list" -> list(tokens, dataDir, out);
                case "open" -> {
                    DataDir.create(dataDir);
                    tokens.open();
                    out.println("From now on this data dir's server lets everybody on this machine in as an admin,"
                            + " without a token; the audit log says so. To close it, make a token.");
                }
                default -> {
                    String name = parsed.matchedPositionalValue(0, "");
                    tokens.revoke(name);
                    out.println("Revoked " + name + ".");
                }
            }
            out.flush();
            return ExitCode.OK;
        } catch (TokenAdmin.RefusedException e) {
            err.println("tinderbox: " + e.getMessage());
            return ExitCode.USAGE;
        } catch (TokenFile.BusyException e) {
            err.println("tinderbox: " + e.getMessage());
            return ExitCode.UNAVAILABLE;
        } catch (IOException e) {
            err.println("tinderbox: the tokens of " + dataDir + " cannot be read or written ("
                    + FileErrors.describe(e)
                    + "); name the right data dir with --data-dir, and run this as its owner");
            return ExitCode.UNAVAILABLE;
        }
    }

    private static void create(ParseResult parsed, TokenAdmin tokens, Path dataDir, PrintWriter out)
            throws IOException, TokenAdmin.RefusedException {
        String code = parsed.matchedOptionValue(ROLE, "");
        Optional<Role> role = Role.ofCode(code);
        if (role.isEmpty()) {
            throw wrong(parsed, "--role " + code + " must be viewer, submitter or admin");
        }
        Duration lifetime = lifetime(parsed);
        DataDir.create(dataDir);
        String name = parsed.matchedOptionValue(TOKEN_NAME, "");
        boolean open = !new Tokens(dataDir, false, trusted(dataDir)).areRequired();
        String secret = tokens.create(name, role.get(), lifetime);
        out.println(secret);
        out.println(
                "That is the token " + name + " (" + code + "); it is shown this once and kept nowhere. Use it with:");
        out.println("  curl -H 'Authorization: Bearer " + secret + "' http://127.0.0.1:8080/api/v1/server");
        if (open) {
            out.println("From now on this data dir's server lets nobody in without a token.");
        }
    }

    private static CommandLine.ParameterException wrong(ParseResult parsed, String what) {
        return new CommandLine.ParameterException(parsed.commandSpec().commandLine(), what);
    }

    private static Duration lifetime(ParseResult parsed) {
        String text = parsed.matchedOptionValue(EXPIRES, null);
        if (text == null) {
            return null;
        }
        Matcher matcher = DAYS.matcher(text);
        if (!matcher.matches()) {
            throw wrong(parsed, "--expires " + text + " must be a number of days, such as 30d");
        }
        return Duration.ofDays(Long.parseLong(matcher.group(1)));
    }

    /** By which a server decides what has expired. */
    private static TrustedClock trusted(Path dataDir) {
        return TrustedClock.of(dataDir, Clock.systemUTC());
    }

    private static void list(TokenAdmin tokens, Path dataDir, PrintWriter out) throws IOException {
        List<Token> all = tokens.list();
        if (all.isEmpty()) {
            Tokens known = new Tokens(dataDir, false, trusted(dataDir));
            out.println(known.problem()
                    .map(problem -> "There are no tokens: " + problem)
                    .orElse(
                            known.areRequired()
                                    ? "There are no tokens, as all were revoked: nobody is let in. Make one with token"
                                            + " create, or let everybody on this machine in with token open."
                                    : "There are no tokens: on loopback everybody on this machine is let in."));
        }
        Instant now = trusted(dataDir).instant();
        for (Token token : all) {
            String ends = token.expiresAt() == null
                    ? "until it is revoked"
                    : (token.isExpired(now) ? "expired " : "until ") + token.expiresAt();
            out.println(String.format(
                    "%-24s %-10s made %s, %s", token.name(), token.role().code(), token.createdAt(), ends));
        }
    }
}
