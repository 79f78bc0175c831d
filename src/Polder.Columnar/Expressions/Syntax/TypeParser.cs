using System;
using System.Collections.Generic;
using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using Polder.Columns;

namespace Polder.Expressions.Syntax;

/// <summary>
/// Types and table schemas in SQL text: <c>a BIGINT NOT NULL, b STRUCT&lt;x: INT&gt; COMMENT 'why'</c>.
/// </summary>
internal sealed class TypeParser
{
    private static readonly Dictionary<string, DataType> SimpleTypes = new(StringComparer.OrdinalIgnoreCase)
    {
        ["boolean"] = DataType.Boolean, ["tinyint"] = DataType.Byte, ["byte"] = DataType.Byte,
        ["smallint"] = DataType.Short, ["short"] = DataType.Short, ["int"] = DataType.Integer,
        ["integer"] = DataType.Integer, ["bigint"] = DataType.Long, ["long"] = DataType.Long,
        ["float"] = DataType.Float, ["real"] = DataType.Float, ["double"] = DataType.Double,
        ["date"] = DataType.Date, ["timestamp_ntz"] = DataType.TimestampNtz, ["timestamp_ltz"] = DataType.Timestamp,
        ["string"] = DataType.String, ["binary"] = DataType.Binary, ["void"] = DataType.Void,
        ["variant"] = DataType.Variant,
    };

    private readonly TokenStream _tokens;
    private int _depth;

    public TypeParser(TokenStream tokens)
    {
        _tokens = tokens;
    }

    /// <summary>The struct type of a table schema.</summary>
    public static DataType ParseSchema(string text)
    {
        TokenStream tokens = new(text);
        DataType schema = DataType.Struct(new TypeParser(tokens).ParseFields());
        tokens.ExpectEnd();
        return schema;
    }

    /// <summary>One type.</summary>
    public static DataType ParseType(string text)
    {
        TokenStream tokens = new(text);
        DataType type = new TypeParser(tokens).ParseType();
        tokens.ExpectEnd();
        return type;
    }

    /// <summary>Reads the next type.</summary>
    public DataType ParseType()
    {
        if (++_depth > Limits.Default.NestingDepth)
        {
            throw ExpressionParser.TooDeep(_tokens.Current.Span);
        }

        Token name = _tokens.Next();
        if (!name.IsName)
        {
            throw _tokens.SyntaxError(name);
        }

        DataType type = ParseNamed(name);
        _depth--;
        return type;
    }

    /// <summary>Reads <c>name type [NOT NULL] [COMMENT 'text']</c>, comma-separated, up to what is none.</summary>
    private List<StructField> ParseFields()
    {
        List<StructField> fields = [];
        do
        {
            string name = _tokens.ExpectName();
            _ = _tokens.Take(TokenKind.Colon);
            DataType type = ParseType();
            bool nullable = !_tokens.Take("NOT", "NULL");
            Dictionary<string, string> metadata = [];
            if (_tokens.Take("COMMENT"))
            {
                string comment = _tokens.Expect(TokenKind.String).Text;
                JsonEncodedText json = JsonEncodedText.Encode(comment, JavaScriptEncoder.UnsafeRelaxedJsonEscaping);
                metadata["comment"] = $"\"{json}\"";
            }

            fields.Add(new StructField(name, type, nullable, metadata));
        }
        while (_tokens.Take(TokenKind.Comma));
        return fields;
    }

    private DataType ParseNamed(Token name)
    {
        string lower = name.Text.ToLowerInvariant();
        switch (lower)
        {
            case "array" when _tokens.Take(TokenKind.Less):
                DataType element = ParseType();
                _tokens.ExpectGreater();
                return DataType.Array(element);
            case "map" when _tokens.Take(TokenKind.Less):
                DataType key = ParseType();
                _tokens.Expect(TokenKind.Comma);
                DataType value = ParseType();
                _tokens.ExpectGreater();
                return DataType.Map(key, value);
            case "struct":
                return ParseStruct();
            case "interval":
                return ParseInterval();
            case "decimal" or "dec" or "numeric":
                return ParseDecimal(name);
            case "char" or "character" or "varchar":
                return ParseCharacters(name, lower == "varchar");
            case "timestamp":
                return ParseTimestamp();
            case "time":
                return ParseTime(name);
        }

        if (!SimpleTypes.TryGetValue(lower, out DataType? type) || _tokens.Is(TokenKind.LeftParenthesis))
        {
            throw UnknownType(name);
        }

        if (type.Kind == TypeKind.String && _tokens.Is("COLLATE"))
        {
            _tokens.Next();
            string collation = _tokens.ExpectName();
            if (!string.Equals(collation, "UTF8_BINARY", StringComparison.OrdinalIgnoreCase))
            {
                throw QueryException.NotYet($"the collation {collation}", _tokens.Previous.Span);
            }
        }

        return type;
    }

    private DataType ParseStruct()
    {
        if (_tokens.Take(TokenKind.NotEqual))
        {
            return DataType.Struct(); // STRUCT<> lexes as one symbol.
        }

        _tokens.Expect(TokenKind.Less);
        List<StructField> fields = _tokens.Is(TokenKind.Greater) ? [] : ParseFields();
        _tokens.ExpectGreater();
        return DataType.Struct(fields);
    }

    private DataType ParseInterval()
    {
        if (!TryTakeField(out IntervalField start))
        {
            return DataType.CalendarInterval;
        }

        IntervalField end = start;
        if (_tokens.Take("TO") && !TryTakeField(out end))
        {
            throw _tokens.SyntaxError();
        }

        bool yearMonth = start <= IntervalField.Month;
        if (yearMonth != end <= IntervalField.Month || end < start)
        {
            string text = $"interval {start} to {end}".ToLowerInvariant();
            throw new QueryException(
                "_LEGACY_ERROR_TEMP_0028",
                "42K0E",
                $"{text} is no interval type",
                new Dictionary<string, string>
                {
                    ["startFieldName"] = start.ToString().ToLowerInvariant(),
                    ["endFieldName"] = end.ToString().ToLowerInvariant(),
                    ["intervalType"] = text,
                },
                _tokens.Previous.Span);
        }

        return yearMonth ? DataType.YearMonthInterval(start, end) : DataType.DayTimeInterval(start, end);
    }

    private bool TryTakeField(out IntervalField field)
    {
        bool found = _tokens.Current.Kind == TokenKind.Identifier &&
            Enum.TryParse(_tokens.Current.Text, ignoreCase: true, out field) &&
            !char.IsAsciiDigit(_tokens.Current.Text[0]);
        field = found ? Enum.Parse<IntervalField>(_tokens.Next().Text, ignoreCase: true) : default;
        return found;
    }

    private DataType ParseDecimal(Token name)
    {
        List<int> parameters = ParseParameters();
        if (parameters.Count > 2)
        {
            throw UnknownType(name);
        }

        int precision = parameters.Count > 0 ? parameters[0] : 10;
        int scale = parameters.Count > 1 ? parameters[1] : 0;
        if (scale > precision)
        {
            throw new QueryException(
                "_LEGACY_ERROR_TEMP_1228",
                "",
                string.Create(
                    CultureInfo.InvariantCulture, $"the scale {scale} of a decimal exceeds its precision {precision}"),
                new Dictionary<string, string>
                {
                    ["scale"] = scale.ToString(CultureInfo.InvariantCulture),
                    ["precision"] = precision.ToString(CultureInfo.InvariantCulture),
                },
                name.Span);
        }

        if (precision > 38)
        {
            string digits = precision.ToString(CultureInfo.InvariantCulture);
            throw new QueryException(
                "DECIMAL_PRECISION_EXCEEDS_MAX_PRECISION",
                "22003",
                $"a decimal of {digits} digits exceeds the maximum of 38",
                new Dictionary<string, string> { ["precision"] = digits, ["maxPrecision"] = "38" },
                name.Span);
        }

        return precision == 0
            ? throw QueryException.NotYet("decimal(0,0)", name.Span)
            : DataType.Decimal(precision, scale);
    }

    private DataType ParseCharacters(Token name, bool varying)
    {
        List<int> parameters = ParseParameters();
        if (parameters.Count == 0)
        {
            string type = name.Text.ToUpperInvariant();
            throw new QueryException(
                "DATATYPE_MISSING_SIZE",
                "42K01",
                $"{type} needs a length, as in {type}(10)",
                new Dictionary<string, string> { ["type"] = $"\"{type}\"" },
                name.Span);
        }

        return parameters.Count > 1
            ? throw UnknownType(name)
            : varying ? DataType.Varchar(parameters[0]) : DataType.Char(parameters[0]);
    }

    private DataType ParseTimestamp()
    {
        if (_tokens.Take("WITHOUT", "TIME", "ZONE"))
        {
            return DataType.TimestampNtz;
        }

        _ = _tokens.Take("WITH", "LOCAL", "TIME", "ZONE");
        return _tokens.Is(TokenKind.LeftParenthesis) ? throw _tokens.SyntaxError() : DataType.Timestamp;
    }

    private DataType ParseTime(Token name)
    {
        List<int> parameters = ParseParameters();
        int precision = parameters.Count > 0 ? parameters[0] : 6;
        if (parameters.Count > 1)
        {
            throw UnknownType(name);
        }

        if (precision > 6)
        {
            throw new QueryException(
                "UNSUPPORTED_TIME_PRECISION",
                "0A001",
                string.Create(
                    CultureInfo.InvariantCulture, $"TIME has 0 to 6 digits of a second, not {precision}"),
                new Dictionary<string, string> { ["precision"] = precision.ToString(CultureInfo.InvariantCulture) },
                name.Span);
        }

        _ = _tokens.Take("WITHOUT", "TIME", "ZONE");
        return DataType.Time(precision);
    }

    private List<int> ParseParameters()
    {
        List<int> parameters = [];
        if (!_tokens.Take(TokenKind.LeftParenthesis))
        {
            return parameters;
        }

        do
        {
            Token number = _tokens.Expect(TokenKind.Integer);
            parameters.Add(
                int.TryParse(number.Text, NumberStyles.None, CultureInfo.InvariantCulture, out int value)
                    ? value
                    : throw _tokens.SyntaxError(number));
        }
        while (_tokens.Take(TokenKind.Comma));
        _tokens.Expect(TokenKind.RightParenthesis);
        return parameters;
    }

    private QueryException UnknownType(Token name)
    {
        string text = name.Text.ToUpperInvariant();
        if (_tokens.Is(TokenKind.LeftParenthesis))
        {
            text += $"({string.Join(",", ParseParameters())})";
        }

        return new QueryException(
            "UNSUPPORTED_DATATYPE",
            "0A000",
            $"there is no type {text}",
            new Dictionary<string, string> { ["typeName"] = $"\"{text}\"" },
            name.Span);
    }
}
