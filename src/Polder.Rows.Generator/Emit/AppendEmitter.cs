using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using Polder.Rows.Generator.Model;

namespace Polder.Rows.Generator.Emit;

/// <summary>
/// Rows to columns, column by column: values of a fixed width straight into the span that they end up in, everything
/// else through the builder of its column.
/// </summary>
internal sealed class AppendEmitter
{
    private const string Convert = "global::Polder.Columns.Rows.RowConvert.";
    private const string Appender = "global::Polder.Columns.Rows.RowAppender";

    private readonly CodeWriter _code;
    private readonly RowModel _model;
    private readonly List<(string Name, TypeModel Enum, string Label)> _enums = [];

    public AppendEmitter(CodeWriter code, RowModel model)
    {
        _code = code;
        _model = model;
    }

    public void Emit()
    {
        string self = _model.ClrName;
        _code.Block(
            $"static void global::Polder.Columns.Rows.IPolderRow<{self}>.Append(" +
            $"global::System.ReadOnlySpan<{self}> rows, global::Polder.Columns.StructBuilder columns)",
            () =>
            {
                if (_model.Members.Any(member => NeedsFlags(member.Type)))
                {
                    _code.Line(
                        "global::System.Span<bool> isThere = " +
                        "stackalloc bool[global::Polder.Columns.Rows.RowShape.ChunkRows];");
                    _code.Line("isThere = isThere.Slice(0, rows.Length);");
                }

                if (_model.Members.Any(member => member.Type is { Kind: ValueKind.Bool, IsNullable: true }))
                {
                    _code.Line(
                        "global::System.Span<bool> flags = " +
                        "stackalloc bool[global::Polder.Columns.Rows.RowShape.ChunkRows];");
                    _code.Line("flags = flags.Slice(0, rows.Length);");
                }

                for (int index = 0; index < _model.Members.Count; index++)
                {
                    EmitMember(_model.Members[index], index);
                }

                foreach ((string name, TypeModel type, string label) in _enums)
                {
                    EmitNames(name, type, label);
                }
            });
    }

    private static bool NeedsFlags(TypeModel type) =>
        type.Kind == ValueKind.Bool ||
        (type.IsNullable && (type.Kind == ValueKind.String || ColumnTypes.Storage(type) is not null));

    private void EmitMember(MemberModel member, int index)
    {
        TypeModel type = member.Type;
        string number = index.ToString(CultureInfo.InvariantCulture);
        string builder = $"columns.Fields[{number}]";
        string value = $"rows[row].{member.Name}";
        if (type.Kind == ValueKind.Bool)
        {
            EmitFlags(type, $"b{number}", builder, value);
        }
        else if (ColumnTypes.Storage(type) is { } storage)
        {
            EmitFixed(type, storage, $"b{number}", builder, value, member.Label);
        }
        else if (type.Kind == ValueKind.String)
        {
            EmitTexts(type, $"b{number}", builder, value, member.Label);
        }
        else
        {
            Declare(type, $"b{number}", builder);
            _code.Block(
                "for (int row = 0; row < rows.Length; row++)",
                () => EmitValue(type, $"b{number}", value, member.Label));
            Finish(type, $"b{number}");
        }

        _code.Line();
    }

    private void EmitFixed(
        TypeModel type, string storage, string name, string builder, string value, string label)
    {
        _code.Line($"{ColumnTypes.Builder(type)} {name} = ({ColumnTypes.Builder(type)}){builder};");
        _code.Line($"global::System.Span<{storage}> {name}s = {name}.AppendSpan(rows.Length);");
        _code.Block($"for (int row = 0; row < {name}s.Length; row++)", () =>
        {
            if (type.IsNullable)
            {
                _code.Line($"{type.ClrName}? value = {value};");
                _code.Line("isThere[row] = value.HasValue;");
                string converted = ToColumn(type, "value.GetValueOrDefault()", label);
                _code.Line(ColumnTypes.IsIdentity(type)
                    ? $"{name}s[row] = {converted};"
                    : $"{name}s[row] = value.HasValue ? {converted} : default;");
            }
            else
            {
                _code.Line($"{name}s[row] = {ToColumn(type, value, label)};");
            }
        });
        if (type.IsNullable)
        {
            _code.Line($"{name}.NullLast(isThere);");
        }
    }

    private void EmitFlags(TypeModel type, string name, string builder, string value)
    {
        _code.Line($"{ColumnTypes.Builder(type)} {name} = ({ColumnTypes.Builder(type)}){builder};");
        _code.Block("for (int row = 0; row < rows.Length; row++)", () =>
        {
            if (type.IsNullable)
            {
                _code.Line($"bool? value = {value};");
                _code.Line("flags[row] = value.GetValueOrDefault();");
                _code.Line("isThere[row] = value.HasValue;");
            }
            else
            {
                _code.Line($"isThere[row] = {value};");
            }
        });
        _code.Line($"{name}.Append({(type.IsNullable ? "flags" : "isThere")});");
        if (type.IsNullable)
        {
            _code.Line($"{name}.NullLast(isThere);");
        }
    }

    private void EmitTexts(TypeModel type, string name, string builder, string value, string label)
    {
        EmitCount($"{name}c", value);
        _code.Line($"global::Polder.Columns.Rows.TextAppender {name} = new({builder}, rows.Length, {name}c);");
        _code.Block("for (int row = 0; row < rows.Length; row++)", () =>
        {
            if (type.IsNullable)
            {
                _code.Line($"string? value = {value};");
                _code.Line("isThere[row] = value is not null;");
                _code.Line($"{name}.Append(value);");
            }
            else
            {
                _code.Line($"{name}.Append({Convert}Require({value}, {RowEmitter.Literal(label)}));");
            }
        });
        _code.Line($"{name}.Finish();");
        if (type.IsNullable)
        {
            _code.Line($"{builder}.NullLast(isThere);");
        }
    }

    // A loop so short that the processor waits for the objects of many rows at the same time.
    private void EmitCount(string name, string value)
    {
        _code.Line($"long {name} = 0;");
        _code.Block(
            "for (int row = 0; row < rows.Length; row++)",
            () => _code.Line($"{name} += {value}?.Length ?? 0;"));
    }

    private void Declare(TypeModel type, string name, string builder)
    {
        if (type.Kind == ValueKind.Row)
        {
            _code.Line($"{Appender}<{type.ClrName}> {name} = new({builder});");
            return;
        }

        _code.Line($"{ColumnTypes.Builder(type)} {name} = ({ColumnTypes.Builder(type)}){builder};");
        switch (type.Kind)
        {
            case ValueKind.List:
                Declare(type.Element!, name + "e", name + ".Element");
                break;
            case ValueKind.Map:
                Declare(type.Key!, name + "k", name + ".Key");
                Declare(type.Element!, name + "v", name + ".Value");
                break;
        }
    }

    private void Finish(TypeModel type, string name)
    {
        switch (type.Kind)
        {
            case ValueKind.Row:
                _code.Line($"{name}.Finish();");
                break;
            case ValueKind.List:
                Finish(type.Element!, name + "e");
                break;
            case ValueKind.Map:
                Finish(type.Element!, name + "v");
                break;
        }
    }

    private void EmitValue(TypeModel type, string name, string value, string label)
    {
        if (type.IsNullable)
        {
            _code.Block(
                $"if ({value} is {{ }} {name}x)", () => EmitPresent(type, name, name + "x", label));
            _code.Block("else", () => _code.Line(
                type is { Kind: ValueKind.List, Element.Kind: ValueKind.Row }
                    ? $"{name}e.AppendNull({name});"
                    : $"{name}.AppendNull();"));
        }
        else if (type.IsValueType)
        {
            EmitPresent(type, name, value, label);
        }
        else
        {
            EmitPresent(type, name, $"{Convert}Require({value}, {RowEmitter.Literal(label)})", label);
        }
    }

    private void EmitPresent(TypeModel type, string name, string value, string label)
    {
        switch (type.Kind)
        {
            case ValueKind.List:
                EmitList(type, name, value, label);
                break;
            case ValueKind.Map:
                string pair = name + "p";
                _code.Block($"foreach (var {pair} in {value})", () =>
                {
                    EmitValue(type.Key!, name + "k", pair + ".Key", label);
                    EmitValue(type.Element!, name + "v", pair + ".Value", label);
                });
                _code.Line(EndRow(type.Element!, name, name + "v"));
                break;
            case ValueKind.Row:
                _code.Line($"{name}.Append({value});");
                break;
            case ValueKind.Char or ValueKind.GuidText:
                string tail = type.Kind == ValueKind.Char ? $", {RowEmitter.Literal(label)}" : "";
                _code.Line($"{Convert}Append({name}, {value}{tail});");
                break;
            case ValueKind.GuidBytes:
                _code.Line($"{Convert}AppendBytes({name}, {value});");
                break;
            case ValueKind.ByteMemory:
                _code.Line($"{name}.Append({value}.Span);");
                break;
            case ValueKind.EnumText:
                _code.Line($"{name}.Append({NameOf(type, name, label)}({value}));");
                break;
            default:
                _code.Line($"{name}.Append({ToColumn(type, value, label)});");
                break;
        }
    }

    private void EmitList(TypeModel type, string name, string value, string label)
    {
        TypeModel element = type.Element!;
        string inner = name + "e";
        string items = type.Collection switch
        {
            CollectionKind.HashSet or CollectionKind.ImmutableList => value,
            _ => $"{Convert}AsSpan<{element.Annotated}>({value}{(type.Collection == CollectionKind.ImmutableArray
                ? $", {RowEmitter.Literal(label)}" : "")})",
        };
        bool isSpan = items != value;
        if (isSpan && !element.IsNullable && ColumnTypes.IsIdentity(element))
        {
            _code.Line($"{inner}.Append({items});");
        }
        else if (isSpan && element is { Kind: ValueKind.Row, IsNullable: false })
        {
            _code.Line($"{inner}.Append({items}, {RowEmitter.Literal(label)});");
        }
        else
        {
            _code.Block(
                $"foreach ({element.Annotated} {inner}i in {items})",
                () => EmitValue(element, inner, inner + "i", label));
        }

        _code.Line(EndRow(element, name, inner));
    }

    // Rows in a list are appended some hundred at a time, later than the list ends.
    private static string EndRow(TypeModel element, string name, string inner) =>
        element.Kind == ValueKind.Row ? $"{inner}.EndRow({name});" : $"{name}.EndRow();";

    private string NameOf(TypeModel type, string name, string label)
    {
        string function = $"NameOf_{name}";
        if (_enums.All(known => known.Name != function))
        {
            _enums.Add((function, type, label));
        }

        return function;
    }

    private void EmitNames(string function, TypeModel type, string label)
    {
        _code.Block($"static global::System.ReadOnlySpan<byte> {function}({type.ClrName} value)", () =>
        {
            _code.Open("switch (value)");
            foreach (string name in RowEmitter.Names(type, withAliases: false))
            {
                _code.Line($"case {type.ClrName}.@{name}: return \"{name}\"u8;");
            }

            _code.Line($"default: throw {Convert}NoName(value, {RowEmitter.Literal(label)});");
            _code.Close();
        });
    }

    private static string ToColumn(TypeModel type, string value, string label)
    {
        string name = RowEmitter.Literal(label);
        string precision = type.Precision.ToString(CultureInfo.InvariantCulture);
        string scale = type.Scale.ToString(CultureInfo.InvariantCulture);
        return type.Kind switch
        {
            ValueKind.Half => $"(float){value}",
            ValueKind.DateOnly or ValueKind.DateTimeDate => $"{Convert}ToDays({value})",
            ValueKind.DateTimeInstant => $"{Convert}ToInstant({value})",
            ValueKind.DateTime or ValueKind.DateTimeOffset or ValueKind.TimeOnly or ValueKind.TimeSpan =>
                $"{Convert}ToMicroseconds({value})",
            ValueKind.Decimal => $"{Convert}ToUnscaled({value}, {precision}, {scale}, {name})",
            ValueKind.Int128 => $"{Convert}ToUnscaled({value}, {precision}, {name})",
            ValueKind.EnumNumber => $"({type.Element!.ClrName}){value}",
            _ => value,
        };
    }
}
