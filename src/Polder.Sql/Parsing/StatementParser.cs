using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using Polder.Expressions;
using Polder.Expressions.Syntax;

namespace Polder.Sql.Parsing;

/// <summary>
/// Reads the statements of a script, one after the other. Spans count from the start of the script, so that an error
/// in the tenth statement still points at its place.
/// </summary>
internal sealed class StatementParser
{
    // First words of Spark's other statements: they are refused by name, anything else is a syntax error.
    private static readonly string[] OtherStatements =
    [
        "ADD", "ALTER", "ANALYZE", "BEGIN", "CACHE", "CALL", "CLEAR", "COMMENT", "CONVERT", "COPY", "CREATE", "DECLARE",
        "DELETE", "DESC", "DESCRIBE", "DROP", "EXECUTE", "EXPLAIN", "GENERATE", "INSERT", "LIST", "LOAD", "MERGE",
        "MSCK", "OPTIMIZE", "REFRESH", "REORG", "REPAIR", "REPLACE", "RESET", "RESTORE", "SET", "SHOW", "TRUNCATE",
        "UNCACHE", "UPDATE", "USE", "VACUUM",
    ];

    private static readonly string[] SecondWords =
    [
        "COLUMNS", "DATABASE", "DETAIL", "FUNCTION", "HISTORY", "INTO", "NAMESPACE", "OVERWRITE", "SCHEMA", "TABLE",
        "TABLES", "TBLPROPERTIES", "TO", "VIEW",
    ];

    private readonly TokenStream _tokens;

    public StatementParser(string script, ParameterValues? parameters = null)
    {
        _tokens = new TokenStream(script) { Parameters = parameters };
        SkipSemicolons();
    }

    /// <summary>Whether every statement has been read.</summary>
    public bool AtEnd => _tokens.AtEnd;

    /// <summary>Reads the only statement of a text; more than one is an error, as in Spark.</summary>
    public static StatementSyntax ParseOne(string text, ParameterValues? parameters = null)
    {
        StatementParser parser = new(text, parameters);
        StatementSyntax statement = parser.ParseNext();
        return parser.AtEnd ? statement : throw ExtraInput(parser._tokens);
    }

    /// <summary>Reads the statement at a place in a script.</summary>
    public static StatementSyntax ParseAt(string script, TextSpan span, ParameterValues? parameters = null)
    {
        StatementParser parser = new(script, parameters);
        while (!parser.AtEnd && parser._tokens.Current.Span.Start < span.Start)
        {
            parser._tokens.Next();
        }

        return parser.ParseNext();
    }

    /// <summary>Reads the next statement; after an error the one after it is next.</summary>
    /// <exception cref="QueryException">The statement is not Spark SQL, or not supported yet.</exception>
    public StatementSyntax ParseNext()
    {
        int first = _tokens.Position;
        try
        {
            Token start = _tokens.Current;
            RequireAsciiNames();
            _tokens.Position = first;
            RefuseOtherStatements();
            QueryParser parser = new(_tokens);
            QuerySyntax query = parser.ParseQuery();
            if (!_tokens.AtEnd && !_tokens.Is(TokenKind.Semicolon))
            {
                throw ExtraInput(_tokens);
            }

            return new QueryStatement(query, parser.Tables, _tokens.SpanFrom(start.Span));
        }
        finally
        {
            while (!_tokens.AtEnd && !_tokens.Is(TokenKind.Semicolon))
            {
                _tokens.Next();
            }

            SkipSemicolons();
        }
    }

    private static QueryException ExtraInput(TokenStream tokens)
    {
        Token token = tokens.Current;
        string near = $"'{tokens.TextOf(token.Span)}'";
        return new QueryException(
            "PARSE_SYNTAX_ERROR",
            "42601",
            $"syntax error at or near {near} ({tokens.PlaceOf(token.Span.Start)}): the statement ends before it",
            new Dictionary<string, string> { ["error"] = near, ["hint"] = $": extra input {near}" },
            token.Span);
    }

    private void SkipSemicolons()
    {
        while (_tokens.Take(TokenKind.Semicolon))
        {
        }
    }

    private void RequireAsciiNames()
    {
        while (!_tokens.AtEnd && !_tokens.Is(TokenKind.Semicolon))
        {
            Token token = _tokens.Next();
            if (token.Kind == TokenKind.Identifier && !token.Text.All(char.IsAscii))
            {
                throw InvalidIdentifier(token.Text, token.Span);
            }
        }
    }

    /// <summary>The error of a name that needs backticks and has none.</summary>
    internal static QueryException InvalidIdentifier(string name, TextSpan span) => new(
        "INVALID_IDENTIFIER",
        "42602",
        $"the unquoted name {name} is not a valid identifier; write `{name}`",
        new Dictionary<string, string> { ["ident"] = name },
        span);

    private void RefuseOtherStatements()
    {
        Token first = _tokens.Current;
        if (first.Kind != TokenKind.Identifier ||
            !OtherStatements.Contains(first.Text, StringComparer.OrdinalIgnoreCase))
        {
            return;
        }

        Token second = _tokens.Peek(1);
        bool two = second.Kind == TokenKind.Identifier &&
            SecondWords.Contains(second.Text, StringComparer.OrdinalIgnoreCase);
        string name = (two ? first.Text + " " + second.Text : first.Text).ToUpper(CultureInfo.InvariantCulture);
        throw QueryException.NotYet($"the statement {name}", two ? first.Span.Cover(second.Span) : first.Span);
    }
}
