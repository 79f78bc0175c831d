using System;
using System.Collections.Generic;
using System.Globalization;
using Polder.Expressions;
using Polder.Expressions.Syntax;

namespace Polder.Sql.Parsing;

/// <summary>
/// Reads queries, as SqlBaseParser.g4 has them: WITH, bodies and what combines them, ORDER BY, LIMIT and OFFSET.
/// </summary>
internal sealed class QueryParser
{
    // Queries inside one another, far beyond what people write.
    private const int MaximumDepth = 60;

    // In one chain: UNION ALL stays flat, the others nest.
    private const int MaximumUnions = 5000;
    private const int MaximumSetOperations = 300;

    private readonly TokenStream _tokens;
    private readonly ExpressionParser _expressions;
    private readonly RelationParser _relations;
    private readonly SelectParser _selects;
    private readonly ClauseWords _words;
    private int _depth;

    public QueryParser(TokenStream tokens)
    {
        _tokens = tokens;
        _expressions = new ExpressionParser(tokens, ParseQuery);
        _words = new ClauseWords(tokens);
        _relations = new RelationParser(tokens, _expressions, this, _words);
        _selects = new SelectParser(tokens, _expressions, _relations, _words);
    }

    /// <summary>Every table that the queries read so far name, also those that WITH defines.</summary>
    public IReadOnlyList<TableSyntax> Tables => _relations.Tables;

    /// <summary>Reads WITH, a body and ORDER BY, LIMIT and OFFSET after it.</summary>
    public QuerySyntax ParseQuery()
    {
        Token first = _tokens.Current;
        bool around = _words.FromFirst;
        _words.FromFirst = false;
        Enter();
        List<NamedQuerySyntax> with = _tokens.Is("WITH") ? ParseWith() : [];
        if (with.Count > 0 && (_tokens.Is("INSERT") || _tokens.Is("MERGE") || _tokens.Is("UPDATE") ||
            _tokens.Is("DELETE")))
        {
            throw QueryException.NotYet($"WITH … {_tokens.Current.Text.ToUpperInvariant()}", _tokens.Current.Span);
        }

        QueryBody body = ParseBody();
        QuerySyntax query = ParseTail(with, body, first);
        Leave();
        _words.FromFirst = around;
        return query;
    }

    /// <summary>Counts one more query or relation inside another.</summary>
    public void Enter()
    {
        if (++_depth > MaximumDepth)
        {
            throw ExpressionParser.TooDeep(_tokens.Current.Span);
        }
    }

    public void Leave() => _depth--;

    private List<NamedQuerySyntax> ParseWith()
    {
        _tokens.Expect("WITH");
        if (_tokens.Is("RECURSIVE") && _tokens.Peek(1).IsName && !_tokens.Peek(1).Is("AS"))
        {
            throw QueryException.NotYet("WITH RECURSIVE", _tokens.Current.Span);
        }

        List<NamedQuerySyntax> queries = [];
        do
        {
            Token name = _tokens.Current;
            _tokens.ExpectName();
            bool named = _tokens.Is(TokenKind.LeftParenthesis) && !_tokens.Peek(1).Is("SELECT") &&
                !_tokens.Peek(1).Is("WITH");
            List<string> columns = named ? _words.ParseNames() : [];
            _tokens.Take("AS");
            _tokens.Expect(TokenKind.LeftParenthesis);
            QuerySyntax query = ParseQuery();
            _tokens.Expect(TokenKind.RightParenthesis);
            if (queries.Exists(other => string.Equals(other.Name, name.Text, StringComparison.OrdinalIgnoreCase)))
            {
                throw DuplicateName(name);
            }

            queries.Add(new NamedQuerySyntax(name.Text, columns, query, _tokens.SpanFrom(name.Span)));
        }
        while (_tokens.Take(TokenKind.Comma));
        return queries;
    }

    private static QueryException DuplicateName(Token name) => new(
        "DUPLICATED_CTE_NAMES",
        "42602",
        $"WITH names `{name.Text}` twice",
        new Dictionary<string, string> { ["duplicateNames"] = $"`{name.Text}`" },
        name.Span);

    // UNION and EXCEPT bind alike and from the left, INTERSECT binds tighter.
    private QueryBody ParseBody()
    {
        QueryBody left = ParseIntersections();
        int unions = 0;
        int others = 0;
        while (true)
        {
            SetOperator? operation = _tokens.Take("UNION") ? SetOperator.Union
                : _tokens.Take("EXCEPT") || _tokens.Take("MINUS") ? SetOperator.Except
                : null;
            if (operation is null)
            {
                return left;
            }

            bool all = ParseAll();
            bool flat = all && operation == SetOperator.Union;
            unions = RequireShort(unions + (flat ? 1 : 0), MaximumUnions);
            others = RequireShort(others + (flat ? 0 : 1), MaximumSetOperations);
            left = Combine(operation.Value, all, left, ParseIntersections());
        }
    }

    private QueryBody ParseIntersections()
    {
        QueryBody left = ParsePrimary();
        for (int count = 1; _tokens.Take("INTERSECT"); count++)
        {
            RequireShort(count, MaximumSetOperations);
            bool all = ParseAll();
            left = Combine(SetOperator.Intersect, all, left, ParsePrimary());
        }

        return left;
    }

    private int RequireShort(int count, int maximum) =>
        count <= maximum ? count : throw ExpressionParser.TooDeep(_tokens.Current.Span);

    private bool ParseAll() => _tokens.Take("ALL") || (_tokens.Take("DISTINCT") && false);

    private static SetOperationBody Combine(SetOperator operation, bool all, QueryBody left, QueryBody right) =>
        new(operation, all, left, right, left.Span.Cover(right.Span));

    private QueryBody ParsePrimary()
    {
        Token first = _tokens.Current;
        if (_tokens.Take(TokenKind.LeftParenthesis))
        {
            QuerySyntax query = ParseQuery();
            _tokens.Expect(TokenKind.RightParenthesis);
            return new NestedBody(query, _tokens.SpanFrom(first.Span));
        }

        if (_tokens.Is("SELECT"))
        {
            return _selects.ParseSelect(null);
        }

        if (_tokens.Take("FROM"))
        {
            return _selects.ParseFromFirst(first);
        }

        if (_tokens.Is("VALUES"))
        {
            ValuesBody values = ParseValues();
            return values with { Alias = _relations.ParseAlias() };
        }

        if (_tokens.Take("TABLE"))
        {
            TableSyntax table = _relations.ParseTableName();
            _relations.Tables.Add(table);
            return new TableBody(table, _tokens.SpanFrom(first.Span));
        }

        if (_tokens.Is("MAP") || _tokens.Is("REDUCE"))
        {
            throw QueryException.NotYet(first.Text.ToUpper(CultureInfo.InvariantCulture), first.Span);
        }

        throw _tokens.SyntaxError();
    }

    /// <summary>VALUES and its rows.</summary>
    public ValuesBody ParseValues()
    {
        Token first = _tokens.Current;
        _tokens.Expect("VALUES");
        List<IReadOnlyList<SyntaxNode>> rows = [];
        do
        {
            SyntaxNode row = _expressions.ParseExpression();
            rows.Add(row is TupleSyntax tuple ? tuple.Items : [row]);
        }
        while (_tokens.Take(TokenKind.Comma));
        return new ValuesBody(rows, _tokens.SpanFrom(first.Span));
    }

    private QuerySyntax ParseTail(List<NamedQuerySyntax> with, QueryBody body, Token first)
    {
        QuerySyntax query = ParseOrderings(new QuerySyntax(with, body, [], null, null, first.Span));
        if (_tokens.Is("WINDOW") && _tokens.Peek(1).IsName)
        {
            throw QueryException.NotYet("WINDOW", _tokens.Current.Span);
        }

        SyntaxNode? limit = _words.Is("LIMIT") && _tokens.Take("LIMIT") && !TakesLimitAll()
            ? _expressions.ParseExpression() : null;
        SyntaxNode? offset = _words.Is("OFFSET") && _tokens.Take("OFFSET") ? _expressions.ParseExpression() : null;
        return _tokens.Is(TokenKind.PipeGreater)
            ? throw QueryException.NotYet("the pipe operator |>", _tokens.Current.Span)
            : query with { Limit = limit, Offset = offset, Span = _tokens.SpanFrom(first.Span) };
    }

    // SORT BY orders each part of the result, ORDER BY all of it: the second is also the first.
    private QuerySyntax ParseOrderings(QuerySyntax query)
    {
        for (int orderings = 0; ;)
        {
            Token clause = _tokens.Current;
            bool sorts = _tokens.Take("ORDER", "BY") || _tokens.Take("SORT", "BY");
            bool clusters = !sorts && _tokens.Take("CLUSTER", "BY");
            if (!sorts && !clusters && !_tokens.Take("DISTRIBUTE", "BY"))
            {
                return query;
            }

            orderings += clause.Is("DISTRIBUTE") ? 0 : 1;
            if (orderings > 1)
            {
                throw new QueryException(
                    "UNSUPPORTED_FEATURE.COMBINATION_QUERY_RESULT_CLAUSES",
                    "0A000",
                    "ORDER BY, SORT BY and CLUSTER BY exclude each other",
                    span: clause.Span);
            }

            query = !sorts ? ParseDistribution(query, clusters)
                : _tokens.Is("ALL") && !ClauseWords.ContinuesName(_tokens.Peek(1))
                    ? query with { OrderByAll = _expressions.ParseSortItems()[0] }
                    : query with { OrderBy = _expressions.ParseSortItems() };
        }
    }

    private QuerySyntax ParseDistribution(QuerySyntax query, bool clusters)
    {
        List<SyntaxNode> keys = _expressions.ParseExpressions();
        return clusters
            ? query with { OrderBy = keys.ConvertAll(key => new SortItemSyntax(key, false, true, key.Span)) }
            : query with { DistributeBy = keys };
    }

    private bool TakesLimitAll() =>
        _tokens.Is("ALL") && !ClauseWords.ContinuesName(_tokens.Peek(1)) && _tokens.Take("ALL");
}
