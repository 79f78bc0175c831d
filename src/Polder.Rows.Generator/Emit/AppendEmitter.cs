using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using Polder.Rows.Generator.Model;

namespace Polder.Rows.Generator.Emit;

/// <summary>
/// Rows to columns: a class that visits each row once and writes all its columns. Values of a fixed width, texts and
/// where lists end are staged in arrays and go to their builders some hundred at a time; the rest goes there at once.
/// </summary>
internal sealed class AppendEmitter
{
    private const string Convert = "global::Polder.Columns.Rows.RowConvert.";
    private const string Appender = "global::Polder.Columns.Rows.RowAppender";
    private const string Shape = "global::Polder.Columns.Rows.RowShape";
    private const string Texts = "global::Polder.Columns.Rows.TextAppender";
    private const string ClassName = "PolderRowAppender";

    private readonly CodeWriter _code;
    private readonly RowModel _model;
    private readonly List<(string Type, string Name, string Value)> _fields = [];
    private readonly List<(string Name, TypeModel Enum, string Label)> _enums = [];

    public AppendEmitter(CodeWriter code, RowModel model)
    {
        _code = code;
        _model = model;
    }

    public void Emit()
    {
        string self = _model.ClrName;
        for (int index = 0; index < _model.Members.Count; index++)
        {
            DeclareMember(_model.Members[index].Type, Name(index), $"Columns.Fields[{Number(index)}]");
        }

        _code.Line(
            $"static {Appender}<{self}> global::Polder.Columns.Rows.IPolderRow<{self}>.NewAppender(" +
            $"global::Polder.Columns.StructBuilder columns) => new {ClassName}(columns);");
        _code.Line();
        _code.Block($"private sealed class {ClassName} : {Appender}<{self}>", () =>
        {
            foreach ((string type, string name, string _) in _fields)
            {
                _code.Line($"private readonly {type} _{name};");
            }

            _code.Line();
            _code.Block($"public {ClassName}(global::Polder.Columns.StructBuilder columns) : base(columns)", () =>
            {
                foreach ((string _, string name, string value) in _fields)
                {
                    _code.Line($"_{name} = {value};");
                }
            });
            _code.Line();
            EmitAppend(self);
            _code.Line();
            _code.Block("protected override void FlushColumns(int count)", () =>
            {
                for (int index = 0; index < _model.Members.Count; index++)
                {
                    EmitFlush(_model.Members[index].Type, "_" + Name(index));
                }
            });
            foreach ((string name, TypeModel type, string label) in _enums)
            {
                _code.Line();
                EmitNames(name, type, label);
            }
        });
    }

    private static string Number(int index) => index.ToString(CultureInfo.InvariantCulture);

    private static string Name(int index) => "b" + Number(index);

    private void EmitAppend(string self) => _code.Block(
        $"public override void Append(global::System.ReadOnlySpan<{self}> rows, string member)", () =>
        {
            // The compiler keeps locals in registers, fields it must read again after every call.
            foreach ((string type, string name, string _) in _fields)
            {
                _code.Line($"{type} {name} = _{name};");
            }

            _code.Block($"foreach ({self} row in rows)", () =>
            {
                if (!_model.IsValueType)
                {
                    _code.Line($"_ = {Convert}Require(row, member);");
                }

                _code.Line("int index = Next();");
                for (int index = 0; index < _model.Members.Count; index++)
                {
                    EmitMember(_model.Members[index], Name(index));
                }
            });
        });

    // What a member needs between rows: builders (recursively), and arrays for what is staged.
    private void DeclareMember(TypeModel type, string name, string builder)
    {
        if (type.Kind == ValueKind.String)
        {
            _fields.Add((Texts, name, $"new {Texts}({builder})"));
            return;
        }

        Declare(type, name, builder);
        string? storage = type.Kind switch
        {
            ValueKind.Bool => "bool",
            ValueKind.List => "int",
            _ => ColumnTypes.Storage(type),
        };
        if (storage is not null)
        {
            _fields.Add(($"{storage}[]", name + "s", $"new {storage}[{Shape}.ChunkRows]"));
            if (type.IsNullable)
            {
                _fields.Add(("bool[]", name + "n", $"new bool[{Shape}.ChunkRows]"));
            }
        }
    }

    private void Declare(TypeModel type, string name, string builder)
    {
        if (type.Kind == ValueKind.Row)
        {
            _fields.Add(($"{Appender}<{type.ClrName}>", name, $"{Shape}.AppenderOf<{type.ClrName}>({builder})"));
            return;
        }

        string typed = ColumnTypes.Builder(type);
        _fields.Add((typed, name, $"({typed}){builder}"));
        switch (type.Kind)
        {
            case ValueKind.List:
                Declare(type.Element!, name + "e", $"_{name}.Element");
                break;
            case ValueKind.Map:
                Declare(type.Key!, name + "k", $"_{name}.Key");
                Declare(type.Element!, name + "v", $"_{name}.Value");
                break;
        }
    }

    private void EmitMember(MemberModel member, string name)
    {
        TypeModel type = member.Type;
        string value = $"row.{member.Name}";
        if (type.Kind == ValueKind.Bool || ColumnTypes.Storage(type) is not null)
        {
            EmitStaged(type, name, value, member.Label);
        }
        else if (type.Kind == ValueKind.String)
        {
            _code.Line(type.IsNullable
                ? $"{name}.Append({value});"
                : $"{name}.Append({Convert}Require({value}, {RowEmitter.Literal(member.Label)}));");
        }
        else if (type.Kind == ValueKind.List)
        {
            EmitStagedList(type, name, value, member.Label);
        }
        else
        {
            EmitValue(type, name, value, member.Label);
        }
    }

    private void EmitStaged(TypeModel type, string name, string value, string label)
    {
        if (!type.IsNullable)
        {
            _code.Line($"{name}s[index] = {ToColumn(type, value, label)};");
            return;
        }

        _code.Line($"{type.ClrName}? {name}x = {value};");
        _code.Line($"{name}n[index] = {name}x.HasValue;");
        string converted = ToColumn(type, $"{name}x.GetValueOrDefault()", label);
        _code.Line(type.Kind == ValueKind.Bool || ColumnTypes.IsIdentity(type)
            ? $"{name}s[index] = {converted};"
            : $"{name}s[index] = {name}x.HasValue ? {converted} : default;");
    }

    private void EmitStagedList(TypeModel type, string name, string value, string label)
    {
        if (type.IsNullable)
        {
            _code.Block($"if ({value} is {{ }} {name}x)", () =>
            {
                EmitItems(type, name, name + "x", label);
                _code.Line($"{name}n[index] = true;");
            });
            _code.Block("else", () => _code.Line($"{name}n[index] = false;"));
        }
        else
        {
            EmitItems(
                type, name,
                type.IsValueType ? value : $"{Convert}Require({value}, {RowEmitter.Literal(label)})", label);
        }

        _code.Line($"{name}s[index] = {name}e.Length;");
    }

    private void EmitFlush(TypeModel type, string name)
    {
        string staged = $"new global::System.ReadOnlySpan<{{0}}>({name}s, 0, count)";
        switch (type.Kind)
        {
            case ValueKind.String:
                _code.Line($"{name}.Flush();");
                return;
            case ValueKind.List:
                FlushRows(type.Element!, name + "e");
                _code.Line($"{name}.AppendEnds({string.Format(CultureInfo.InvariantCulture, staged, "int")});");
                break;
            case ValueKind.Bool:
                _code.Line($"{name}.Append({string.Format(CultureInfo.InvariantCulture, staged, "bool")});");
                break;
            default:
                if (ColumnTypes.Storage(type) is not { } storage)
                {
                    FlushRows(type, name);
                    return;
                }

                _code.Line($"{name}.Append({string.Format(CultureInfo.InvariantCulture, staged, storage)});");
                break;
        }

        if (type.IsNullable)
        {
            _code.Line($"{name}.NullLast(new global::System.ReadOnlySpan<bool>({name}n, 0, count));");
        }
    }

    // Rows inside rows are staged by their own appender.
    private void FlushRows(TypeModel type, string name)
    {
        switch (type.Kind)
        {
            case ValueKind.Row:
                _code.Line($"{name}.Flush();");
                break;
            case ValueKind.List:
                FlushRows(type.Element!, name + "e");
                break;
            case ValueKind.Map:
                FlushRows(type.Element!, name + "v");
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
                EmitItems(type, name, value, label);
                _code.Line(EndRow(type.Element!, name, name + "e"));
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

    private void EmitItems(TypeModel type, string name, string value, string label)
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
    }

    // Rows in a list go to their columns some hundred at a time, later than the list ends.
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
