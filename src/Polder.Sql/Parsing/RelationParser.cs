using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using Polder.Expressions;
using Polder.Expressions.Syntax;
using Polder.Sql.Planning;

namespace Polder.Sql.Parsing;

/// <summary>Reads FROM: tables, queries in parentheses, VALUES, and the joins between them.</summary>
internal sealed class RelationParser
{
    // Words that no relation may be named without backticks, because they would make joins ambiguous.
    private static readonly string[] JoinWords =
        ["ANTI", "CROSS", "EXCEPT", "FULL", "INNER", "INTERSECT", "JOIN", "LATERAL", "LEFT", "MINUS", "NATURAL", "ON",
        "RIGHT", "SEMI", "UNION", "USING"];

    private static readonly string[] AfterQueryWords =
        ["UNION", "INTERSECT", "EXCEPT", "MINUS", "ORDER", "SORT", "CLUSTER", "DISTRIBUTE", "LIMIT", "OFFSET"];

    private readonly TokenStream _tokens;
    private readonly ExpressionParser _expressions;
    private readonly QueryParser _queries;
    private readonly ClauseWords _words;

    public RelationParser(
        TokenStream tokens, ExpressionParser expressions, QueryParser queries, ClauseWords words)
    {
        _words = words;
        _tokens = tokens;
        _expressions = expressions;
        _queries = queries;
    }

    /// <summary>Every table read so far.</summary>
    public List<TableSyntax> Tables { get; } = [];

    /// <summary>Reads what follows FROM: relations and the commas between them.</summary>
    public RelationSyntax ParseFrom()
    {
        RelationSyntax left = ParseRelation();
        while (_tokens.Take(TokenKind.Comma))
        {
            RelationSyntax right = ParseRelation();
            left = new JoinSyntax(
                LogicalJoinKind.Inner, left, right, null, [], false, left.Span.Cover(right.Span));
        }

        return left;
    }

    private RelationSyntax ParseRelation()
    {
        RelationSyntax left = ParsePrimary();
        while (true)
        {
            int start = _tokens.Position;
            bool natural = _tokens.Take("NATURAL");
            if (ParseJoinKind() is not LogicalJoinKind kind)
            {
                _tokens.Position = start;
                return left;
            }

            RelationSyntax right = ParsePrimary();
            SyntaxNode? on = !natural && _tokens.Take("ON") ? _expressions.ParseExpression() : null;
            List<string> columns = on is null && !natural && _tokens.Take("USING") ? _words.ParseNames() : [];
            _words.RequireNoHyphen(_tokens.Previous);
            left = new JoinSyntax(kind, left, right, on, columns, natural, _tokens.SpanFrom(left.Span));
        }
    }

    private LogicalJoinKind? ParseJoinKind()
    {
        LogicalJoinKind kind = LogicalJoinKind.Inner;
        if (_tokens.Take("LEFT"))
        {
            kind = _tokens.Take("SEMI") ? LogicalJoinKind.LeftSemi
                : _tokens.Take("ANTI") ? LogicalJoinKind.LeftAnti
                : LogicalJoinKind.LeftOuter;
            _ = kind == LogicalJoinKind.LeftOuter && _tokens.Take("OUTER");
        }
        else if (_tokens.Take("RIGHT"))
        {
            kind = LogicalJoinKind.RightOuter;
            _tokens.Take("OUTER");
        }
        else if (_tokens.Take("FULL"))
        {
            kind = LogicalJoinKind.FullOuter;
            _tokens.Take("OUTER");
        }
        else if (_tokens.Take("SEMI"))
        {
            kind = LogicalJoinKind.LeftSemi;
        }
        else if (_tokens.Take("ANTI"))
        {
            kind = LogicalJoinKind.LeftAnti;
        }
        else
        {
            _ = _tokens.Take("CROSS") || _tokens.Take("INNER");
        }

        return _tokens.Take("JOIN") ? kind : null;
    }

    private RelationSyntax ParsePrimary()
    {
        Token first = _tokens.Current;
        if (_tokens.Is("LATERAL"))
        {
            throw QueryException.NotYet("LATERAL", first.Span);
        }

        if (_tokens.Is(TokenKind.LeftParenthesis))
        {
            return ParseInParentheses();
        }

        if (_tokens.Is("VALUES") && !_words.AtClause() && !EndsName(_tokens.Peek(1)))
        {
            ValuesBody values = _queries.ParseValues();
            return new InlineTableSyntax(values, ParseAlias(), _tokens.SpanFrom(first.Span));
        }

        return ParseTable();
    }

    private static bool EndsName(Token next) =>
        next.Kind is TokenKind.End or TokenKind.Semicolon or TokenKind.RightParenthesis or TokenKind.Comma or
            TokenKind.Dot;

    private RelationSyntax ParseInParentheses()
    {
        Token first = _tokens.Next();
        if (AtQuery())
        {
            return ParseSubquery(first);
        }

        _queries.Enter();
        RelationSyntax relation = ParseRelation();
        _queries.Leave();
        _tokens.Expect(TokenKind.RightParenthesis);
        return new NestedRelationSyntax(relation, ParseAlias(), _tokens.SpanFrom(first.Span));
    }

    // ((SELECT …) UNION …) is a query, ((SELECT …) t JOIN …) a relation: what follows the inner one tells.
    private bool AtQuery()
    {
        int start = _tokens.Position;
        int depth = 0;
        while (_tokens.Take(TokenKind.LeftParenthesis))
        {
            depth++;
        }

        bool query = _expressions.AtQuery && !(_tokens.Is("VALUES") && EndsName(_tokens.Peek(1)));
        for (int open = depth; depth > 0 && !_tokens.AtEnd && open > 0;)
        {
            TokenKind kind = _tokens.Next().Kind;
            open += kind == TokenKind.LeftParenthesis ? 1 : kind == TokenKind.RightParenthesis ? -1 : 0;
        }

        query &= depth == 0 || _tokens.Is(TokenKind.RightParenthesis) ||
            AfterQueryWords.Any(_tokens.Current.Is);
        _tokens.Position = start;
        return query;
    }

    private SubquerySyntax ParseSubquery(Token first)
    {
        QuerySyntax query = _queries.ParseQuery();
        _tokens.Expect(TokenKind.RightParenthesis);
        return new SubquerySyntax(query, ParseAlias(), _tokens.SpanFrom(first.Span));
    }

    /// <summary>Reads the name of a table.</summary>
    public TableSyntax ParseTableName()
    {
        Token first = _tokens.Current;
        List<string> parts = [];
        do
        {
            Token part = _tokens.Current;
            if (parts.Count == 0 && part.Kind == TokenKind.Identifier &&
                JoinWords.Any(part.Is))
            {
                throw _tokens.SyntaxError();
            }

            parts.Add(_tokens.ExpectName());
            _words.RequireNoHyphen(part);
        }
        while (_tokens.Take(TokenKind.Dot));
        return new TableSyntax(parts, null, null, _tokens.SpanFrom(first.Span));
    }

    private RelationSyntax ParseTable()
    {
        Token first = _tokens.Current;
        TableSyntax table = ParseTableName();
        if (_tokens.Is(TokenKind.LeftParenthesis))
        {
            return ParseFunction(table);
        }

        TimeTravelSyntax? travel = ParseTimeTravel();
        if (_tokens.Is("CHANGES", "FROM"))
        {
            throw QueryException.NotYet("CHANGES FROM", _tokens.Current.Span);
        }

        RelationAlias? alias = ParseAlias();
        table = table with { Travel = travel, Alias = alias, Span = _tokens.SpanFrom(first.Span) };
        Tables.Add(table);
        return table;
    }

    private TableFunctionSyntax ParseFunction(TableSyntax function)
    {
        string name = function.Name[^1].ToLowerInvariant();
        if (name != "range" || function.Name.Count > 1)
        {
            throw QueryException.NotYet($"the table function {name}", function.Span);
        }

        _tokens.Expect(TokenKind.LeftParenthesis);
        List<SyntaxNode> arguments = _tokens.Is(TokenKind.RightParenthesis) ? [] : _expressions.ParseExpressions();
        _tokens.Expect(TokenKind.RightParenthesis);
        return new TableFunctionSyntax(function.Name, arguments, ParseAlias(), _tokens.SpanFrom(function.Span));
    }

    private TimeTravelSyntax? ParseTimeTravel()
    {
        Token first = _tokens.Current;
        int start = _tokens.Position;
        _tokens.Take("FOR");
        bool version = _tokens.Take("VERSION", "AS", "OF") || _tokens.Take("SYSTEM_VERSION", "AS", "OF");
        if (!version && !_tokens.Take("TIMESTAMP", "AS", "OF") && !_tokens.Take("SYSTEM_TIME", "AS", "OF"))
        {
            _tokens.Position = start;
            return null;
        }

        SyntaxNode value = _expressions.ParseValue();
        return new TimeTravelSyntax(version, value, _tokens.SpanFrom(first.Span));
    }

    /// <summary>Reads the name after a relation, perhaps with names for its columns.</summary>
    public RelationAlias? ParseAlias()
    {
        RefuseModifiers();
        bool named = _tokens.Take("AS");
        Token token = _tokens.Current;
        bool joins = token.Kind == TokenKind.Identifier && (JoinWords.Any(token.Is) || (!named && StartsBody(token)));
        if (named ? !token.IsName || joins : !token.IsName || joins || _words.AtClause())
        {
            return named ? throw _tokens.SyntaxError() : null;
        }

        string name = _tokens.ExpectName();
        List<string> columns = _tokens.Is(TokenKind.LeftParenthesis) ? _words.ParseNames() : [];
        RefuseModifiers();
        return new RelationAlias(name, columns);
    }

    // FROM may come first, with what is done with its rows after it.
    private bool StartsBody(Token token) =>
        token.Is("SELECT") || (token.Is("INSERT") && (_tokens.Peek(1).Is("INTO") || _tokens.Peek(1).Is("OVERWRITE")));

    private void RefuseModifiers()
    {
        Token token = _tokens.Current;
        Token next = _tokens.Peek(1);
        bool parenthesis = next.Kind == TokenKind.LeftParenthesis;
        bool refused = (token.Is("TABLESAMPLE") && (parenthesis || next.Is("SYSTEM") || next.Is("BERNOULLI"))) ||
            (token.Is("PIVOT") && parenthesis) ||
            (token.Is("UNPIVOT") && (parenthesis || next.Is("INCLUDE") || next.Is("EXCLUDE"))) ||
            (token.Is("WATERMARK") && next.IsName) ||
            ((token.Is("APPROX") || token.Is("EXACT")) && next.Is("NEAREST"));
        if (refused)
        {
            throw QueryException.NotYet(token.Text.ToUpper(CultureInfo.InvariantCulture), token.Span);
        }
    }
}
