using System.ComponentModel.DataAnnotations;
using System.Reflection;
using Microsoft.Extensions.Options;

namespace NexLlm.Dashboard.Settings;

/// <summary>Binds a section to a record's properties and reports all errors together.</summary>
internal sealed class SectionReader<TSettings>(IConfigurationSection section) : IValidateOptions<TSettings>
    where TSettings : class, new()
{
    private static readonly PropertyInfo[] _properties =
        [.. typeof(TSettings).GetProperties(BindingFlags.Public | BindingFlags.Instance).Where(p => p.CanWrite)];

    /// <summary>Sets all valid values and returns the errors of the others.</summary>
    public List<string> Read(TSettings settings)
    {
        var errors = new List<string>();
        if (section.Value is { Length: > 0 })
        {
            errors.Add($"{section.Path} is a section, not a value. Its settings: {Names}.");
        }

        foreach (var setting in section.GetChildren())
        {
            if (Array.Find(_properties, p => p.Name.Equals(setting.Key, StringComparison.OrdinalIgnoreCase)) is { } property)
            {
                ReadOne(settings, property, setting, errors);
            }
            else
            {
                errors.Add($"{setting.Path} is not a valid setting. Settings of {section.Path}: {Names}.");
            }
        }

        return errors;
    }

    public ValidateOptionsResult Validate(string? name, TSettings options)
    {
        var errors = Read(new TSettings());
        foreach (var property in _properties)
        {
            var path = ConfigurationPath.Combine(section.Path, property.Name);
            var value = property.GetValue(options);
            var found = new List<ValidationResult>();
            Validator.TryValidateValue(
                value!, new ValidationContext(options) { MemberName = property.Name, DisplayName = path }, found, property.GetCustomAttributes<ValidationAttribute>());
            errors.AddRange(found.Select(f => $"{path} is {value}. {f.ErrorMessage}"));
        }

        return errors is [] ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(errors);
    }

    private static string Names => string.Join(", ", _properties.Select(p => p.Name));

    private static void ReadOne(TSettings settings, PropertyInfo property, IConfigurationSection setting, List<string> errors)
    {
        var type = Nullable.GetUnderlyingType(property.PropertyType) ?? property.PropertyType;
        if (type.IsArray && setting.Value is { Length: > 0 })
        {
            errors.Add($"{setting.Path} is a list. Set its entries as {setting.Path}:0, {setting.Path}:1 and so on.");
            return;
        }

        try
        {
            property.SetValue(settings, setting.Get(property.PropertyType));
        }
        catch (InvalidOperationException)
        {
            errors.Add($"{setting.Path} is “{setting.Value}”. {Wanted(type)}");
        }
    }

    private static string Wanted(Type type) => type switch
    {
        _ when type == typeof(bool) => "Use true or false.",
        _ when type == typeof(TimeSpan) => "Enter a time span as days.hours:minutes:seconds, such as 1.00:00:00.",
        { IsEnum: true } => $"Use one of {string.Join(", ", Enum.GetNames(type))}.",
        _ when type == typeof(int) || type == typeof(long) => "Enter a whole number in digits.",
        _ => $"Expected a value of type {type.Name}.",
    };
}
